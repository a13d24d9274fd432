-- Each installation 90 days after its start: whether it had been activated by then.
{%- set due_on = add_days('installations.started_on', 90) %}

select
  {{ kpi_observation_columns(
    kpi_id='activation_rate_90_days',
    observed_on=due_on,
    partner_id='owners.partner_id',
    entity_type='installation',
    entity_id='installations.installation_id',
    numerator='case when installations.activated_on <= ' ~ due_on ~ ' then 1 else 0 end',
    denominator='1'
  ) }}
from {{ ref('int_installations__derived') }} as installations
left join {{ ref('int_integration_partners__identified') }} as owners
  on installations.integration_id = owners.integration_id
