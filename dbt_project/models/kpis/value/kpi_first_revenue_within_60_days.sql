-- Each partner 60 days after its contract began: whether a deal that it influenced was won by then.
select
  {{ kpi_observation_columns(
    kpi_id='first_revenue_within_60_days',
    observed_on=add_days('contract_start', 60),
    partner_id='partner_id',
    entity_type='partner',
    entity_id='partner_id',
    numerator='case when won_on <= ' ~ add_days('contract_start', 60) ~ ' then 1 else 0 end',
    denominator='1'
  ) }}
from {{ ref('int_first_deals__derived') }}
