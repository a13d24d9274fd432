-- Each partner that is contracted on the first day of a quarter, and whether it still is on the last
-- one; the running quarter's last day is as_of. None before history_start.
with settings as (
  select
    settings.as_of,
    history.history_start
  from {{ ref('int_run_settings__derived') }} as settings
  cross join {{ ref('int_history_start__derived') }} as history
),

quarters as (
  select
    calendar.day as first_day,
    least({{ add_days(period_after("'quarter'", 'calendar.day', 1), -1) }}, settings.as_of) as last_day
  from {{ ref('int_calendar__derived') }} as calendar
  cross join settings
  where
    calendar.day >= settings.history_start
    and calendar.day = {{ period_start_of("'quarter'", 'calendar.day') }}
)

select
  partners.partner_id,
  quarters.first_day,
  partners.ended_on is null or partners.ended_on > quarters.last_day as is_still_contracted
from {{ ref('int_partners__resolved') }} as partners
inner join quarters
  on
    partners.contract_start <= quarters.first_day
    and (partners.ended_on is null or partners.ended_on > quarters.first_day)
