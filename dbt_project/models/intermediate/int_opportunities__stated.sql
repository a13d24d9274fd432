-- Each existing opportunity as of now (the end of as_of): stage, amount, open, won or lost, and its
-- close moment. One row per opportunity created by as_of.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

opportunities as (
  select
    opportunity.*,
    {{ local_date('opportunity.created_at') }} as created_on,
    {{ local_date('opportunity._modified_at') }} as stamped_on,
    stages.stage_kind as own_kind
  from {{ ref('int_opportunities__resolved') }} as opportunity
  inner join {{ ref('int_stages__classified') }} as stages
    on opportunity.stage_name = stages.stage_name
  cross join settings
),

history as (
  select
    history.opportunity_id,
    history.stage_name,
    history.amount,
    history.created_at,
    row_number() over (
      partition by history.opportunity_id
      order by history.created_at desc nulls last, history.history_id desc nulls last
    ) as recency
  from {{ ref('int_opportunity_history__resolved') }} as history
  cross join settings
  where {{ local_date('history.created_at') }} <= settings.as_of
),

-- The opportunity's own stage and amount hold when its version is newer than its history.
stated as (
  select
    opportunities.*,
    last_row.stage_name as last_stage_name,
    last_row.amount as last_amount,
    last_row.opportunity_id is not null as has_history,
    last_row.opportunity_id is null
    or coalesce(
      opportunities._modified_at > last_row.created_at and opportunities.stamped_on <= settings.as_of,
      false
    ) as is_own
  from opportunities
  left join history as last_row
    on
      opportunities.opportunity_id = last_row.opportunity_id
      and last_row.recency = 1
  cross join settings
),

present as (
  select
    stated.*,
    case when is_own then stated.stage_name else last_stage_name end as present_stage,
    coalesce(case when is_own then amount else last_amount end, 0) as present_amount,
    case
      when has_history and is_own then own_kind
      when has_history then stages.stage_kind
      -- Without history a closed opportunity is open until the day before CloseDate.
      when close_on <= settings.as_of then own_kind
      else 'open'
    end as present_kind
  from stated
  left join {{ ref('int_stages__classified') }} as stages
    on stated.last_stage_name = stages.stage_name
  cross join settings
),

-- The latest history row that is not in the present stage ended the stay before the present one.
breaks as (
  select
    present.opportunity_id,
    min(case when history.stage_name <> present.present_stage then history.recency end) as break_recency
  from present
  inner join history on present.opportunity_id = history.opportunity_id
  group by present.opportunity_id
),

stays as (
  select
    history.opportunity_id,
    min(history.created_at) as began_at
  from history
  inner join breaks on history.opportunity_id = breaks.opportunity_id
  where history.recency < coalesce(breaks.break_recency, history.recency + 1)
  group by history.opportunity_id
),

closed as (
  select
    present.*,
    case when present_kind <> 'open' then stays.began_at end as close_row_at,
    case
      when present_kind = 'open' then cast(null as date)
      when stays.began_at is null then close_on
      else {{ local_date('stays.began_at') }}
    end as closed_on,
    {{ local_date('stays.began_at') }} as stay_began_on
  from present
  left join stays on present.opportunity_id = stays.opportunity_id
  cross join settings
)

select
  closed.source,
  closed.entity,
  closed.primary_key,
  closed.opportunity_id,
  closed.account_id,
  closed.opportunity_name,
  closed.opportunity_type,
  closed.created_at,
  closed.created_on,
  closed.close_on,
  coalesce(nullif(trim(closed.currency), ''), settings.reporting_currency) as currency,
  coalesce(closed.amount, 0) as own_amount,
  closed.own_kind,
  closed.present_stage as stage_name,
  closed.present_amount as amount,
  closed.present_kind as stage_kind,
  closed.closed_on,
  -- Null where no history row is of the present stage.
  coalesce(closed.closed_on, closed.stay_began_on) as stage_since_on,
  coalesce(closed.is_confidential, false) as is_confidential,
  -- The close moment; a close date used as a moment is the beginning of its day.
  coalesce(closed.close_row_at, {{ local_day_starts_at('closed.closed_on') }}) as closed_at,
  -- A close date bounds touches at the end of its day, a history row at its very moment; what comes
  -- after as_of has not happened yet.
  least(
    case
      when closed.closed_on is null then settings.as_of_ends_at - interval '1' microsecond
      when closed.close_row_at is not null then closed.close_row_at
      else {{ local_day_starts_at(add_days('closed.closed_on', 1)) }} - interval '1' microsecond
    end,
    settings.as_of_ends_at - interval '1' microsecond
  ) as touches_until_at,
  closed.has_history and closed.is_own and (
    closed.stage_name <> closed.last_stage_name
    or coalesce(closed.amount, 0) <> coalesce(closed.last_amount, 0)
  ) as is_own_state_different
from closed
cross join settings
where closed.created_on <= settings.as_of
