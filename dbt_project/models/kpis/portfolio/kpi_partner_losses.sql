-- Each partner that left, on the day its contract ended.
select
  {{ kpi_observation_columns(
    kpi_id='partner_losses',
    observed_on='ended_on',
    partner_id='partner_id',
    entity_type='partner',
    entity_id='partner_id',
    numerator='1',
    denominator='1'
  ) }}
from {{ ref('int_partners__resolved') }}
where ended_on is not null
