-- What a quarter did to each deal that a partner influences: one row per partner, deal and quarter in
-- which it was open at either end or was won or lost. amount_before is that of the end of the day
-- before the quarter at that day's rate; every other amount is at the rate of the quarter's last day.
-- amount_after is null for a deal that is not open at the end, and went_as then says where it went.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

quarters as (
  select * from {{ ref('int_quarters__listed') }}
),

opportunities as (
  select * from {{ ref('int_opportunities__stated') }}
),

influences as (
  select * from {{ ref('int_influences__derived') }}
  where partner_id is not null
),

rates as (
  select * from {{ ref('int_conversion_rates__filled') }}
),

ends as (
  select day_before as day from quarters
  union
  select last_day as day from quarters
),

-- What cannot be converted is no part of the pipeline, as in the money KPIs.
open_amounts as (
  select
    spells.opportunity_id,
    ends.day,
    {{ converted_amount('spells.amount', 'rates.from_rate', 'rates.to_rate') }} as amount
  from {{ ref('int_open_spells__derived') }} as spells
  inner join ends on spells.open_from <= ends.day and spells.open_to > ends.day
  inner join rates on spells.currency = rates.currency and ends.day = rates.day
),

influenced_amounts as (
  select
    influences.partner_id,
    open_amounts.*
  from open_amounts
  inner join influences
    on
      open_amounts.opportunity_id = influences.opportunity_id
      and open_amounts.day >= influences.influenced_on
  where open_amounts.amount is not null
),

seen as (
  select
    amounts.partner_id,
    amounts.opportunity_id,
    quarters.first_day,
    quarters.last_day,
    amounts.amount as amount_before,
    cast(null as decimal(28, 9)) as amount_after
  from influenced_amounts as amounts
  inner join quarters on amounts.day = quarters.day_before
  union all
  select
    amounts.partner_id,
    amounts.opportunity_id,
    quarters.first_day,
    quarters.last_day,
    cast(null as decimal(28, 9)) as amount_before,
    amounts.amount as amount_after
  from influenced_amounts as amounts
  inner join quarters on amounts.day = quarters.last_day
  union all
  -- Won or lost within the quarter, whether or not any quarter's end saw it open.
  select
    influences.partner_id,
    opportunities.opportunity_id,
    quarters.first_day,
    quarters.last_day,
    cast(null as decimal(28, 9)) as amount_before,
    cast(null as decimal(28, 9)) as amount_after
  from opportunities
  inner join influences on opportunities.opportunity_id = influences.opportunity_id
  inner join quarters
    on
      opportunities.closed_on >= quarters.first_day
      and opportunities.closed_on <= quarters.last_day
),

deals as (
  select
    partner_id,
    opportunity_id,
    first_day,
    last_day,
    max(amount_before) as amount_before,
    max(amount_after) as amount_after
  from seen
  group by partner_id, opportunity_id, first_day, last_day
),

gone as (
  select
    deals.*,
    case
      when deals.amount_after is not null then null
      when opportunities.closed_on <= deals.last_day then opportunities.stage_kind
      -- Neither won nor lost by then: closed and opened again later, or of no known rate.
      else 'left'
    end as went_as,
    {{ converted_amount('opportunities.amount', 'rates.from_rate', 'rates.to_rate') }} as amount_at_close
  from deals
  inner join opportunities on deals.opportunity_id = opportunities.opportunity_id
  left join rates on opportunities.currency = rates.currency and deals.last_day = rates.day
),

-- The days on which deals were to close, and the days on which that was the plan. The opportunity's
-- own close date is the newest plan and has no days of its own.
plans as (
  select
    history.opportunity_id,
    history.close_on,
    {{ local_date('history.created_at') }} as planned_from,
    {{ local_date('lead(history.created_at) over (
      partition by history.opportunity_id order by history.created_at asc, history.history_id asc
    )') }} as planned_to
  from {{ ref('int_opportunity_history__resolved') }} as history
  cross join settings
  union all
  select
    opportunity_id,
    close_on,
    cast(null as date) as planned_from,
    cast(null as date) as planned_to
  from opportunities
),

slipped as (
  select distinct
    plans.opportunity_id,
    quarters.first_day
  from plans
  inner join quarters
    on
      plans.close_on >= quarters.first_day
      and plans.close_on <= quarters.last_day
      and (plans.planned_from is null or plans.planned_from <= quarters.last_day)
      -- The plan that the quarter began with counts, though it was changed on the first day.
      and (plans.planned_to is null or plans.planned_to >= quarters.first_day)
)

select
  gone.partner_id,
  gone.opportunity_id,
  gone.first_day,
  gone.amount_before,
  gone.amount_after,
  gone.went_as,
  case
    when gone.went_as = 'left' then gone.amount_before
    when gone.went_as is not null then coalesce(gone.amount_at_close, gone.amount_before)
  end as amount_gone,
  gone.amount_after is not null and slipped.opportunity_id is not null as is_slipped
from gone
left join slipped
  on
    gone.opportunity_id = slipped.opportunity_id
    and gone.first_day = slipped.first_day
where coalesce(gone.amount_after, gone.amount_before, gone.amount_at_close) is not null
