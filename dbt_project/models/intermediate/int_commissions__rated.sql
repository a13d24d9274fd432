-- What each won received referral earns: by the policy that holds on the day of the decision, its rank
-- among the partner's of the calendar year, the rate and the conversion bonus, and the commission in
-- the reporting currency. marginal: the rate of its own rank and the bonus by the decisions so far;
-- retroactive: of the year's last rank and by all its decisions, as of as_of. A class of involvement
-- with a rate of its own has that one. Who cannot be converted keeps its rank, and its commission is
-- null.
with ranked as (
  select
    won.*,
    row_number() over (
      partition by won.partner_ref, {{ dbt.date_trunc('year', 'won.decided_on') }}
      order by won.decided_at asc, won.referral_id asc
    ) as rank_of_year,
    count(*) over (
      partition by won.partner_ref, {{ dbt.date_trunc('year', 'won.decided_on') }}
    ) as last_rank
  from {{ ref('int_won_referrals__converted') }} as won
),

agreed as (
  select
    ranked.*,
    policies.policy,
    policies.valid_from as policy_from,
    policies.mode,
    policies.bonus_from_share,
    policies.bonus_min_decided,
    policies.bonus_rate,
    case when policies.mode = 'retroactive' then ranked.last_rank else ranked.rank_of_year end as rated_rank,
    case when policies.mode = 'retroactive' then counted.won_in_year else counted.won_so_far end as won,
    case
      when policies.mode = 'retroactive' then counted.decided_in_year
      else counted.decided_so_far
    end as decided
  from ranked
  inner join {{ source('control', 'commission_policies') }} as policies
    on
      coalesce(policies.valid_from <= ranked.decided_on, true)
      and coalesce(policies.valid_to > ranked.decided_on, true)
  left join {{ ref('int_referral_decisions__counted') }} as counted
    on ranked.referral_id = counted.referral_id
),

rated as (
  select
    agreed.*,
    -- One place before the point is enough for a rate, and keeps products exact.
    cast(coalesce(classes.rate, tiers.rate) as decimal(10, 9)) as rate,
    cast(
      case
        when agreed.decided >= agreed.bonus_min_decided and agreed.won >= agreed.bonus_from_share * agreed.decided
          then agreed.bonus_rate
        else 0
      end as decimal(10, 9)
    ) as conversion_bonus_rate
  from agreed
  inner join {{ source('control', 'commission_tiers') }} as tiers
    on
      agreed.policy = tiers.policy
      and agreed.rated_rank >= tiers.from_rank
      and (tiers.to_rank is null or tiers.to_rank >= agreed.rated_rank)
  left join {{ source('control', 'commission_involvements') }} as classes
    on
      agreed.policy = classes.policy
      and agreed.involvement = classes.involvement
),

earned as (
  select
    *,
    revenue * cast(rate + conversion_bonus_rate as decimal(10, 9)) as commission
  from rated
)

select
  referral_id,
  partner_ref,
  partner_id,
  decided_on,
  rank_of_year,
  policy,
  policy_from,
  mode,
  rate,
  conversion_bonus_rate,
  involvement,
  revenue,
  currency,
  from_rate,
  to_rate,
  revenue_reporting,
  {{ converted_amount('commission', 'from_rate', 'to_rate') }} as commission_reporting
from earned
