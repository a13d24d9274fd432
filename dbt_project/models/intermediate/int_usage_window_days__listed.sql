-- The balance days that a day of use can count for: those in whose trailing window it lies. They follow
-- each other, so the numbers of the first and of the last one say it. One row per day; a small table.
with windows as (
  select
    calendar.day as balance_day,
    calendar.balance_number,
    {{ add_days('calendar.day', '1 - settings.active_integration_window_days') }} as first_day
  from {{ ref('int_calendar__derived') }} as calendar
  cross join {{ ref('int_run_settings__derived') }} as settings
  where calendar.is_balance_day
),

window_days as (
  {{ days_of('windows', 'first_day', 'balance_day', ['balance_number']) }}
)

select
  day,
  min(balance_number) as first_balance_number,
  max(balance_number) as last_balance_number
from window_days
group by day
