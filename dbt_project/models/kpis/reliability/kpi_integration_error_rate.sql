-- Each registered integration and day on which it was called: its calls, and those that failed on our
-- side of the line or the partner's (status 500 and above).
with calls as (
  select
    usage.integration_id,
    usage.used_on,
    sum(usage.failed_events) as failed_calls,
    sum(usage.events) as calls
  from {{ ref('int_daily_usage__aggregated') }} as usage
  cross join {{ ref('int_run_settings__derived') }} as settings
  where usage.event_name = settings.event_use
  group by usage.integration_id, usage.used_on
)

select
  {{ kpi_observation_columns(
    kpi_id='integration_error_rate',
    observed_on='calls.used_on',
    partner_id='owners.partner_id',
    entity_type='integration_calls',
    entity_id='calls.integration_id',
    numerator='calls.failed_calls',
    denominator='calls.calls'
  ) }}
from calls
inner join {{ ref('int_integration_partners__identified') }} as owners
  on calls.integration_id = owners.integration_id
