-- Each deal registration on the day by which it had to be decided: whether it was by then. Exactly on
-- the deadline is in time.
select
  {{ kpi_observation_columns(
    kpi_id='deal_registration_on_time',
    observed_on='due_on',
    partner_id='partner_id',
    entity_type='deal_registration',
    entity_id='registration_id',
    numerator="case when decision <> 'pending' and decided_at <= due_at then 1 else 0 end",
    denominator='1'
  ) }}
from {{ ref('int_deal_registrations__stated') }}
