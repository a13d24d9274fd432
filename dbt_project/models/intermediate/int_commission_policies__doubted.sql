-- What is doubtful about the policies of commissions that rated a referral by as_of: a class of
-- involvement that is paid beyond its corridor, and a split that pays somebody whom the registry does
-- not know. referrals: how many are concerned.
with classes as (
  select
    'commission_rate_out_of_corridor' as finding,
    rated.involvement as subject,
    classes.rate,
    classes.corridor_low,
    classes.corridor_high,
    count(*) as referrals
  from {{ ref('int_commissions__rated') }} as rated
  inner join {{ source('control', 'commission_involvements') }} as classes
    on
      rated.policy = classes.policy
      and rated.involvement = classes.involvement
  where classes.rate < classes.corridor_low or classes.rate > classes.corridor_high
  group by rated.involvement, classes.rate, classes.corridor_low, classes.corridor_high
),

payees as (
  select
    'commission_payee_unknown' as finding,
    line_id as subject,
    cast(null as decimal(18, 9)) as rate,
    cast(null as decimal(18, 9)) as corridor_low,
    cast(null as decimal(18, 9)) as corridor_high,
    1 as referrals
  from {{ ref('int_commissions__shared') }}
  where line_id <> referral_id and partner_id is null
)

select * from classes
union all
select * from payees
