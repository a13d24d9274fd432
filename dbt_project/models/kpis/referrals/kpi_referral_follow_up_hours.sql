-- Each received referral that was answered, on the day of the answer: elapsed hours since its
-- submission, fractional.
select
  {{ kpi_observation_columns(
    kpi_id='referral_follow_up_hours',
    observed_on='answered_on',
    partner_id='partner_id',
    entity_type='referral',
    entity_id='referral_id',
    numerator=divide_half_up(
      microseconds_between('submitted_at', 'answered_at'), '3600000000', 'answered_at < submitted_at'
    ),
    denominator='1'
  ) }}
from {{ ref('int_referrals__stated') }}
where
  direction = 'received'
  and answered_at is not null
