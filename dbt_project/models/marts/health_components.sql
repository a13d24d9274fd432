-- What each partner's health score of a month is made of, on the month's last balance day. Components
-- without data stand there with their policy's weight alone.
with newest as (
  select
    *,
    cast({{ dbt.date_trunc('month', 'day') }} as date) as period_start
  from {{ ref('int_health_components__scored') }}
  qualify
    day = max(day) over (partition by partner_id, cast({{ dbt.date_trunc('month', 'day') }} as date))
),

settings as (
  select * from {{ ref('int_run_settings__derived') }}
)

select
  newest.partner_id,
  newest.period_start,
  newest.component,
  newest.measure,
  newest.score,
  newest.weight,
  newest.contribution,
  newest.policy_weight
from newest
cross join settings
where newest.day = settings.as_of or newest.day = {{ dbt.last_day('newest.day', 'month') }}
