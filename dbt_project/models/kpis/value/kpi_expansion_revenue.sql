-- Each influenced opportunity that was won with an existing customer, by its type, once for each
-- partner that influenced it. CRMs write the same types in many ways of upper and lower case.
select
  {{ kpi_observation_columns(
    kpi_id='expansion_revenue',
    observed_on='closed_on',
    partner_id='partner_id',
    entity_type='opportunity',
    entity_id='opportunity_id',
    numerator='amount_reporting',
    denominator='1'
  ) }}
from {{ ref('int_influenced_wins__listed') }}
where
  amount_reporting is not null
  and lower(trim(opportunity_type))
  in ('expansion', 'upsell', 'cross-sell', 'existing customer - upgrade')
