-- Each referral that we sent to a partner, on the day it was submitted.
select
  {{ kpi_observation_columns(
    kpi_id='referrals_sent',
    observed_on='submitted_on',
    partner_id='partner_id',
    entity_type='referral',
    entity_id='referral_id',
    numerator='1',
    denominator='1'
  ) }}
from {{ ref('int_referrals__stated') }}
where direction = 'sent'
