-- The spans of days over which values are made, for each period type: every whole period from the
-- first observation's to as_of's, at least two; and, as `so_far`, the first days of the previous
-- period that are as many as the running period has behind it. Day periods only within the policy's
-- window.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

period_types as (
  {{ period_types() }}
),

bounds as (
  select
    period_types.period_type,
    period_types.position,
    settings.as_of,
    greatest(
      least(
        coalesce((select min(observed_on) from {{ ref('kpi_observations') }}), settings.as_of),
        {{ period_after('period_types.period_type', period_start_of('period_types.period_type', 'settings.as_of'), -1) }}
      ),
      case
        when period_types.period_type = 'day'
          then {{ add_days('settings.as_of', '1 - settings.keep_day_values_days') }}
        else cast('0001-01-01' as date)
      end
    ) as first_day
  from period_types
  cross join settings
),

days as (
  {{ days_of('bounds', 'first_day', 'as_of', ['period_type', 'position', 'as_of']) }}
),

periods as (
  select distinct
    period_type,
    position,
    as_of,
    {{ period_start_of('period_type', 'day') }} as period_start
  from days
),

whole as (
  select
    period_type,
    position,
    'whole' as scope,
    period_start,
    {{ period_after('period_type', 'period_start', 1) }} as period_end,
    as_of
  from periods
),

completed as (
  select
    *,
    {{ add_days('as_of', 1) }} >= period_end as is_complete,
    least({{ add_days('period_end', -1) }}, as_of) as last_day
  from whole
),

so_far as (
  select
    period_type,
    position,
    'so_far' as scope,
    {{ period_after('period_type', 'period_start', -1) }} as period_start,
    period_start as period_end,
    true as is_complete,
    least(
      {{ add_days('period_start', -1) }},
      {{ add_days(
        period_after('period_type', 'period_start', -1),
        dbt.datediff('period_start', 'as_of', 'day')
      ) }}
    ) as last_day
  from completed
  where not is_complete
)

select period_type, position, scope, period_start, period_end, is_complete, last_day
from completed
union all
select period_type, position, scope, period_start, period_end, is_complete, last_day
from so_far
