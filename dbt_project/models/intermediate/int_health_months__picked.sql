-- The health components of each month's last balance day: what a month's score is made of.
with newest as (
  select
    *,
    cast({{ dbt.date_trunc('month', 'day') }} as date) as period_start
  from {{ ref('int_health_components__scored') }}
  qualify
    day = max(day) over (partition by partner_id, cast({{ dbt.date_trunc('month', 'day') }} as date))
)

select newest.*
from newest
cross join {{ ref('int_run_settings__derived') }} as settings
where newest.day = settings.as_of or newest.day = {{ dbt.last_day('newest.day', 'month') }}
