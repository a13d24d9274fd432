-- What partners earn by won referrals, and how each amount came about: one row a referral and payee.
-- base amounts are of the whole referral; base_reporting, fx_rate and commission_reporting are null
-- where no exchange rate is known. policy_from is null for a policy that holds since ever.
select
  partner_id,
  referral_id,
  decided_on,
  cast(extract(year from decided_on) as {{ dbt.type_string() }})
  || 'Q' || cast(extract(quarter from decided_on) as {{ dbt.type_string() }}) as quarter,
  cast(rank_of_year as bigint) as rank_of_year,
  mode,
  rate,
  cast(revenue as decimal(28, 9)) as base_amount,
  currency as base_currency,
  cast(to_rate as double) / cast(from_rate as double) as fx_rate,
  revenue_reporting as base_reporting,
  involvement,
  split_share,
  conversion_bonus_rate,
  cast(commission_reporting as decimal(28, 9)) as commission_reporting,
  policy_from,
  cast(split_position as bigint) as split_position,
  from_rate as fx_from_rate,
  to_rate as fx_to_rate
from {{ ref('int_commissions__shared') }}
