-- Each received referral won by as_of, with its revenue in the reporting currency at the rate of the
-- day it was won; revenue_reporting and the rates are null where no rate is known, rate_on also where
-- nothing had to be looked up.
select
  referrals.referral_id,
  referrals.partner_ref,
  referrals.partner_id,
  referrals.decided_at,
  referrals.decided_on,
  referrals.involvement,
  referrals.revenue,
  referrals.currency,
  rates.from_rate,
  rates.to_rate,
  rates.rate_on,
  {{ converted_amount('referrals.revenue', 'rates.from_rate', 'rates.to_rate') }} as revenue_reporting
from {{ ref('int_referrals__stated') }} as referrals
left join {{ ref('int_conversion_rates__filled') }} as rates
  on
    referrals.currency = rates.currency
    and referrals.decided_on = rates.day
where
  referrals.direction = 'received'
  and referrals.status = 'won'
  and referrals.decided_on is not null
