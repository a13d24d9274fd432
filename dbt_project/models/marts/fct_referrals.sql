-- Referrals submitted by as_of, in both directions, as of now. A won one has its revenue at the rate of
-- the day it was won.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

referrals as (
  select stated.*
  from {{ ref('int_referrals__stated') }} as stated
  inner join settings on stated.submitted_on <= settings.as_of
)

select
  referrals.referral_id,
  referrals.partner_id,
  referrals.direction,
  referrals.status,
  referrals.submitted_on,
  referrals.due_on as response_due_on,
  {{ divide_half_up(
    microseconds_between('referrals.submitted_at', 'referrals.answered_at'), '3600000000',
    'referrals.answered_at < referrals.submitted_at'
  ) }} as first_response_hours,
  referrals.decided_on,
  referrals.opportunity_id,
  case
    when referrals.status = 'won'
      then {{ converted_amount('referrals.revenue', 'rates.from_rate', 'rates.to_rate') }}
  end as revenue_reporting
from referrals
left join {{ ref('int_conversion_rates__filled') }} as rates
  on
    referrals.currency = rates.currency
    and referrals.decided_on = rates.day
