-- The balance days that a day of use can count for: those in whose trailing window it lies. One row per
-- day and balance day; a small table, met by equality.
with windows as (
  select
    calendar.day as balance_day,
    {{ add_days('calendar.day', '1 - settings.active_integration_window_days') }} as first_day
  from {{ ref('int_calendar__derived') }} as calendar
  cross join {{ ref('int_run_settings__derived') }} as settings
  where calendar.is_balance_day
)

{{ days_of('windows', 'first_day', 'balance_day', ['balance_day']) }}
