-- Each commission payment on the day it was paid.
select
  {{ kpi_observation_columns(
    kpi_id='commission_paid',
    observed_on='paid_on',
    partner_id='partner_id',
    entity_type='commission_payment',
    entity_id='payment_id',
    numerator='amount_reporting',
    denominator='1'
  ) }}
from {{ ref('int_commission_payments__converted') }}
where
  paid_on is not null
  -- What cannot be converted is no observation in a money KPI.
  and amount_reporting is not null
