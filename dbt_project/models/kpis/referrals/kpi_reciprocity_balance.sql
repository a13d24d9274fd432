-- Each referral on the day it was submitted: one more that we gave, or one more that we took.
select
  {{ kpi_observation_columns(
    kpi_id='reciprocity_balance',
    observed_on='submitted_on',
    partner_id='partner_id',
    entity_type='referral',
    entity_id='referral_id',
    numerator="case when direction = 'sent' then 1 else -1 end",
    denominator='1'
  ) }}
from {{ ref('int_referrals__stated') }}
