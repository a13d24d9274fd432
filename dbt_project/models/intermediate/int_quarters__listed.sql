-- Each quarter from the one of history_start to the running one: first_day, last_day (as_of of the
-- running one), and the day before it, on whose end it opens.
with settings as (
  select
    settings.as_of,
    cast({{ dbt.date_trunc('quarter', 'history.history_start') }} as date) as first_quarter
  from {{ ref('int_run_settings__derived') }} as settings
  cross join {{ ref('int_history_start__derived') }} as history
),

days as (
  {{ days_of('settings', 'first_quarter', 'as_of', ['as_of']) }}
)

select
  day as first_day,
  least({{ add_days(period_after("'quarter'", 'day', 1), -1) }}, as_of) as last_day,
  {{ add_days('day', -1) }} as day_before
from days
where day = {{ period_start_of("'quarter'", 'day') }}
