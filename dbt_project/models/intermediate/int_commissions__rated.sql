-- What each won received referral earns its partner: its rank among the partner's of the calendar
-- year of the decision, the rate of the policy's tiers, and the commission in the reporting currency.
-- marginal: the rate of its own rank; retroactive: of the year's last rank by as_of. Who cannot be
-- converted keeps its rank, and its commission is null.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

ranked as (
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

rated as (
  select
    ranked.*,
    case
      when settings.commission_mode = 'retroactive' then ranked.last_rank
      else ranked.rank_of_year
    end as rated_rank
  from ranked
  cross join settings
),

earned as (
  select
    rated.*,
    tiers.rate,
    -- One place before the point is enough for a rate, and keeps the product exact.
    rated.revenue * cast(tiers.rate as decimal(10, 9)) as commission
  from rated
  inner join {{ source('control', 'commission_tiers') }} as tiers
    on
      tiers.from_rank <= rated.rated_rank
      and (tiers.to_rank is null or tiers.to_rank >= rated.rated_rank)
)

select
  referral_id,
  partner_id,
  decided_on,
  rank_of_year,
  rate,
  {{ converted_amount('commission', 'from_rate', 'to_rate') }} as commission_reporting
from earned
