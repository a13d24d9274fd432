-- Each account on the day it became a customer, once for each partner that influenced the opportunity
-- by which it did; one that nobody influenced adds to the denominator alone.
select
  {{ kpi_observation_columns(
    kpi_id='new_customer_share',
    observed_on='customers.won_on',
    partner_id='influences.partner_id',
    entity_type='account',
    entity_id='customers.account_id',
    numerator='case when influences.opportunity_id is not null then 1 else 0 end',
    denominator='1'
  ) }}
from {{ ref('int_new_customers__derived') }} as customers
left join {{ ref('int_influences__derived') }} as influences
  on customers.opportunity_id = influences.opportunity_id
