-- The spans of days on whose ends an opportunity was open, with the amount it then had:
-- open_from (inclusive) to open_to (exclusive). Days before as_of follow the history; as_of itself
-- follows the present state.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

opportunities as (
  select * from {{ ref('int_opportunities__stated') }}
),

history as (
  select
    history.opportunity_id,
    history.stage_name,
    history.amount,
    history.created_at,
    history.history_id,
    {{ local_date('history.created_at') }} as day
  from {{ ref('int_opportunity_history__resolved') }} as history
  cross join settings
),

-- The last row of a day gives the state at its end.
of_days as (
  select
    history.*,
    lead(history.day) over (partition by history.opportunity_id order by history.day asc) as next_day,
    min(history.day) over (partition by history.opportunity_id) as first_day
  from (
    select * from history
    qualify
      row_number() over (
        partition by opportunity_id, day
        order by created_at desc nulls last, history_id desc nulls last
      ) = 1
  ) as history
),

by_history as (
  select
    opportunities.opportunity_id,
    greatest(of_days.day, opportunities.created_on) as open_from,
    least(coalesce(of_days.next_day, settings.as_of), settings.as_of) as open_to,
    coalesce(of_days.amount, 0) as amount,
    opportunities.currency
  from of_days
  inner join opportunities on of_days.opportunity_id = opportunities.opportunity_id
  inner join {{ ref('int_stages__classified') }} as stages on of_days.stage_name = stages.stage_name
  cross join settings
  where stages.stage_kind = 'open'
),

-- Before its first history row an opportunity is open with its own amount; if it is closed, until
-- the day before CloseDate.
before_history as (
  select
    opportunities.opportunity_id,
    opportunities.created_on as open_from,
    least(
      coalesce(first_rows.first_day, settings.as_of),
      settings.as_of,
      case when opportunities.own_kind = 'open' then settings.as_of else opportunities.close_on end
    ) as open_to,
    opportunities.own_amount as amount,
    opportunities.currency
  from opportunities
  left join (select distinct opportunity_id, first_day from of_days) as first_rows
    on opportunities.opportunity_id = first_rows.opportunity_id
  cross join settings
),

at_as_of as (
  select
    opportunities.opportunity_id,
    settings.as_of as open_from,
    {{ add_days('settings.as_of', 1) }} as open_to,
    opportunities.amount,
    opportunities.currency
  from opportunities
  cross join settings
  where opportunities.stage_kind = 'open'
),

spells as (
  select * from by_history
  union all
  select * from before_history
  union all
  select * from at_as_of
)

select * from spells
where open_from < open_to
