-- Each installation on the day of its first activation: elapsed days since its start, fractional.
select
  {{ kpi_observation_columns(
    kpi_id='time_to_activation',
    observed_on='installations.activated_on',
    partner_id='partners.partner_id',
    entity_type='installation',
    entity_id='installations.installation_id',
    numerator=divide_half_up(
      microseconds_between('installations.started_at', 'installations.activated_at'), '86400000000'
    ),
    denominator='1'
  ) }}
from {{ ref('int_installations__derived') }} as installations
left join {{ ref('int_integrations__resolved') }} as integrations
  on installations.integration_id = integrations.integration_id
left join {{ ref('int_partners__resolved') }} as partners
  on integrations.partner_id = partners.partner_id
where installations.activated_at is not null
