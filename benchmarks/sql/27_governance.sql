-- Governance: deal registrations -----------------------------------------------------------------
insert into observation
select 'deal_registration_on_time', local_day(moment + interval 48 hour), partner_id, registration_id,
  coalesce(decision <> 'pending' and decided_at <= moment + interval 48 hour and decided_on <= as_of, false)::int, 1
from registration cross join setting;

-- Approved registrations protect their customer from other partners.
insert into observation
with protected as (
  select partner_id, account_id, submitted_on, protected_until from registration cross join setting
  where decision = 'approved' and coalesce(decided_on <= as_of, true)
)
select 'channel_conflict_rate', r.submitted_on, r.partner_id, r.registration_id, count(p.account_id) > 0, 1
from registration as r
left join protected as p
  on r.account_id = p.account_id and r.partner_id <> p.partner_id
  and r.submitted_on between p.submitted_on and p.protected_until
where r.account_id is not null
group by all;

-- Portfolio: who comes, stays, renews and leaves -------------------------------------------------
insert into observation
select 'partner_additions', contract_start, partner_id, partner_id, 1, 1 from partner
union all
select 'partner_losses', ended_on, partner_id, partner_id, 1, 1 from partner where ended_on is not null;

insert into observation
with quarter as (
  select d::date as first_day, least((d + interval 3 month)::date - 1, as_of) as last_day
  from setting,
    unnest(generate_series(date_trunc('quarter', history_start)::timestamp, as_of::timestamp, interval 3 month)) as t(d)
  where d >= history_start
)
select 'partner_retention', first_day, partner_id, partner_id, coalesce(ended_on > last_day, true)::int, 1
from partner join quarter on contract_start <= first_day and coalesce(ended_on > first_day, true);

insert into observation
select 'renewal_rate', e.contract_end + 30, partner_id, partner_id || e.contract_end,
  coalesce(bool_or(v.renewed_on between e.contract_end - 180 and e.contract_end + 30), false)::int, 1
from (select distinct partner_id, contract_end from partner_versions where contract_end is not null) as e
join partner_versions as v using (partner_id)
group by all;
