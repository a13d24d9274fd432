-- Each incident that was resolved by as_of, once for each partner whose integration it hit: the hours
-- from its start to its end. One that ends before it begins has no duration.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
)

select
  {{ kpi_observation_columns(
    kpi_id='mttr_hours',
    observed_on=local_date('incidents.resolved_at'),
    partner_id='incidents.partner_id',
    entity_type='incident',
    entity_id='incidents.incident_id',
    numerator=divide_half_up(microseconds_between('incidents.started_at', 'incidents.resolved_at'), '3600000000'),
    denominator='1'
  ) }}
from {{ ref('int_incident_partners__identified') }} as incidents
cross join settings
where
  incidents.resolved_at < settings.as_of_ends_at
  and incidents.started_at <= incidents.resolved_at
