-- Each partner on the day its contract starts.
select
  {{ kpi_observation_columns(
    kpi_id='partner_additions',
    observed_on='contract_start',
    partner_id='partner_id',
    entity_type='partner',
    entity_id='partner_id',
    numerator='1',
    denominator='1'
  ) }}
from {{ ref('int_partners__resolved') }}
