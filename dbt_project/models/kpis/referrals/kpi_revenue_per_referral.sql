-- Each received referral that was won or lost, on the day of that decision: its revenue, or nothing.
select
  {{ kpi_observation_columns(
    kpi_id='revenue_per_referral',
    observed_on='referrals.decided_on',
    partner_id='referrals.partner_id',
    entity_type='referral',
    entity_id='referrals.referral_id',
    numerator="case when referrals.status = 'won' then won.revenue_reporting else 0 end",
    denominator='1'
  ) }}
from {{ ref('int_referrals__stated') }} as referrals
left join {{ ref('int_won_referrals__converted') }} as won
  on referrals.referral_id = won.referral_id
where
  referrals.direction = 'received'
  and referrals.decided_on is not null
  and (
    referrals.status = 'lost'
    -- What cannot be converted is no observation in a money KPI.
    or (referrals.status = 'won' and won.revenue_reporting is not null)
  )
