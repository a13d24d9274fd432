-- Each received referral on the day by which it had to be answered: whether it was by then. Exactly
-- on the deadline is in time.
select
  {{ kpi_observation_columns(
    kpi_id='referral_follow_up_on_time',
    observed_on='due_on',
    partner_id='partner_id',
    entity_type='referral',
    entity_id='referral_id',
    numerator='case when answered_at <= due_at then 1 else 0 end',
    denominator='1'
  ) }}
from {{ ref('int_referrals__stated') }}
where direction = 'received'
