-- Who is paid the commission of each won received referral: one row a payee. Without a split that is
-- the partner, and the amount is the commission as rated. A split of the referral goes before one of
-- the partner; it shares out whole cents, by the largest remainder, so that the parts make the whole.
-- line_id is the referral where nothing is shared. partner_id is null when the registry does not know
-- the payee.
with splits as (
  select * from {{ source('control', 'commission_splits') }}
),

chosen as (
  select
    rated.referral_id,
    splits.position,
    splits.payee_id,
    splits.share
  from {{ ref('int_commissions__rated') }} as rated
  inner join splits
    on
      rated.policy = splits.policy
      and rated.referral_id = splits.referral_id
  union all
  select
    rated.referral_id,
    splits.position,
    splits.payee_id,
    splits.share
  from {{ ref('int_commissions__rated') }} as rated
  inner join splits
    on
      rated.policy = splits.policy
      and rated.partner_ref = splits.partner_id
  left join splits as own
    on
      rated.policy = own.policy
      and rated.referral_id = own.referral_id
      and own.position = 1
  where own.policy is null
),

lines as (
  select
    rated.*,
    chosen.share is not null as is_split,
    coalesce(chosen.position, 1) as split_position,
    coalesce(chosen.payee_id, rated.partner_ref) as payee_ref,
    cast(coalesce(chosen.share, 1) as decimal(10, 9)) as split_share,
    {{ whole_cents('abs(rated.commission_reporting)') }} as cents
  from {{ ref('int_commissions__rated') }} as rated
  left join chosen
    on rated.referral_id = chosen.referral_id
),

cut as (
  select
    *,
    {{ whole_part('cents * ' ~ billionths('split_share'), 1000000000) }} as whole_share
  from lines
),

left_over as (
  select
    *,
    cents - sum(whole_share) over (partition by referral_id) as cents_left,
    row_number() over (
      partition by referral_id
      order by cents * {{ billionths('split_share') }} - whole_share * 1000000000 desc, split_position asc
    ) as place
  from cut
)

select
  left_over.referral_id,
  left_over.split_position,
  case
    when left_over.is_split then left_over.referral_id || '|' || left_over.payee_ref else left_over.referral_id
  end as line_id,
  partners.partner_id,
  left_over.decided_on,
  left_over.rank_of_year,
  left_over.policy,
  left_over.policy_from,
  left_over.mode,
  left_over.rate,
  left_over.conversion_bonus_rate,
  left_over.involvement,
  left_over.revenue,
  left_over.currency,
  left_over.from_rate,
  left_over.to_rate,
  left_over.revenue_reporting,
  left_over.split_share,
  case
    when not left_over.is_split then left_over.commission_reporting
    else
      case when left_over.commission_reporting < 0 then -1 else 1 end
      * {{ money_of_cents(
        'left_over.whole_share + case when left_over.place <= left_over.cents_left then 1 else 0 end'
      ) }}
  end as commission_reporting
from left_over
left join {{ ref('int_partners__resolved') }} as partners
  on left_over.payee_ref = partners.partner_id
