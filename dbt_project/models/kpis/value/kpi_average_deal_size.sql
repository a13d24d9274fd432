-- Each influenced opportunity that was won, once for each partner that influenced it.
select
  {{ kpi_observation_columns(
    kpi_id='average_deal_size',
    observed_on='closed_on',
    partner_id='partner_id',
    entity_type='opportunity',
    entity_id='opportunity_id',
    numerator='amount_reporting',
    denominator='1'
  ) }}
from {{ ref('int_influenced_wins__listed') }}
where amount_reporting is not null
