-- Each integration and day that somebody watched: minutes it had to be up, and minutes it was.
select
  {{ kpi_observation_columns(
    kpi_id='integration_uptime',
    observed_on='days.day',
    partner_id='partners.partner_id',
    entity_type='integration',
    entity_id='days.integration_id',
    numerator=divide_half_up(
      '(cast(days.due_microseconds as hugeint) * days.up_parts)', '(cast(days.all_parts as hugeint) * 60000000)'
    ),
    denominator=divide_half_up('days.due_microseconds', '60000000')
  ) }}
from {{ ref('int_integration_days__measured') }} as days
left join {{ ref('int_integrations__resolved') }} as integrations
  on days.integration_id = integrations.integration_id
left join {{ ref('int_partners__resolved') }} as partners
  on integrations.partner_id = partners.partner_id
