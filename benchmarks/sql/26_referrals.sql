-- Referrals --------------------------------------------------------------------------------------
create table known_referral as
select referral_id, partner_id, direction = 'erhalten' as is_received, moment, local_day(moment) as submitted_on,
  case when local_day(answered_at) <= as_of then answered_at end as answered_at,
  case when decided_on <= as_of then status end as fate, decided_at, decided_on, revenue
from referral cross join setting;

insert into observation
select case when is_received then 'referrals_received' else 'referrals_sent' end,
  submitted_on, partner_id, referral_id, 1, 1
from known_referral
union all
select 'reciprocity_balance', submitted_on, partner_id, referral_id, case when is_received then -1 else 1 end, 1
from known_referral;

insert into observation
select 'referral_conversion_rate', decided_on, partner_id, referral_id, (fate = 'gewonnen')::int, 1
from known_referral where is_received and fate in ('gewonnen', 'verloren')
union all
select 'revenue_per_referral', decided_on, partner_id, referral_id, case fate when 'gewonnen' then revenue else 0 end, 1
from known_referral where is_received and fate in ('gewonnen', 'verloren')
union all
select 'referral_follow_up_hours', local_day(answered_at), partner_id, referral_id,
  round(datediff('microsecond', moment, answered_at) / 3600000000, 9), 1
from known_referral where is_received and answered_at is not null
union all
select 'referral_follow_up_on_time', local_day(moment + interval 24 hour), partner_id, referral_id,
  coalesce(answered_at <= moment + interval 24 hour, false)::int, 1
from known_referral where is_received;

-- Commissions ------------------------------------------------------------------------------------
insert into observation
with won_referral as (
  select *, row_number() over (
    partition by partner_id, date_trunc('year', decided_on) order by decided_at, referral_id
  ) as rank_of_year
  from known_referral where is_received and fate = 'gewonnen'
)
select 'commission_earned', decided_on, partner_id, referral_id,
  round(revenue * case when rank_of_year <= 3 then 0.10 when rank_of_year <= 10 then 0.15 else 0.20 end, 6), 1
from won_referral;

insert into observation
select 'commission_paid', paid_on, partner_id, payment_id, round(amount / rate, 6), 1
from payment as p asof join rate as r on p.currency = r.currency and p.paid_on >= r.day
union all
select 'commission_on_time', due_on, partner_id, payment_id, coalesce(paid_on <= due_on, false)::int, 1
from payment;
