-- Each commission payment on the day it was due: whether it was paid by then. Paid on the very day is
-- on time.
select
  {{ kpi_observation_columns(
    kpi_id='commission_on_time',
    observed_on='due_on',
    partner_id='partner_id',
    entity_type='commission_payment',
    entity_id='payment_id',
    numerator='case when paid_on <= due_on then 1 else 0 end',
    denominator='1'
  ) }}
from {{ ref('int_commission_payments__converted') }}
where due_on is not null
