-- How much of what a partner refers is won: for each received referral won or lost by as_of, the won
-- and the decided ones of its calendar year up to it, and of the whole year by as_of. In the order of
-- decided_at, then referral_id.
with decided as (
  select
    referral_id,
    partner_ref,
    decided_at,
    {{ dbt.date_trunc('year', 'decided_on') }} as year_on,
    case when status = 'won' then 1 else 0 end as is_won
  from {{ ref('int_referrals__stated') }}
  where
    direction = 'received'
    and status in ('won', 'lost')
    and decided_on is not null
)

select
  referral_id,
  sum(is_won) over (
    partition by partner_ref, year_on
    order by decided_at asc, referral_id asc
    rows between unbounded preceding and current row
  ) as won_so_far,
  row_number() over (
    partition by partner_ref, year_on
    order by decided_at asc, referral_id asc
  ) as decided_so_far,
  sum(is_won) over (partition by partner_ref, year_on) as won_in_year,
  count(*) over (partition by partner_ref, year_on) as decided_in_year
from decided
