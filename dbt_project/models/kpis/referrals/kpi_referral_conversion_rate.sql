-- Each received referral that was won or lost, on the day of that decision.
select
  {{ kpi_observation_columns(
    kpi_id='referral_conversion_rate',
    observed_on='decided_on',
    partner_id='partner_id',
    entity_type='referral',
    entity_id='referral_id',
    numerator="case when status = 'won' then 1 else 0 end",
    denominator='1'
  ) }}
from {{ ref('int_referrals__stated') }}
where
  direction = 'received'
  and status in ('won', 'lost')
  and decided_on is not null
