-- Who was contracted when, and what they did -----------------------------------------------------
create table contracted as
select p.partner_id, d.day, d.day - 89 as since, s.tier, p.required_people
from partner as p
join balance_day as d on p.contract_start <= d.day and coalesce(p.ended_on > d.day, true)
join partner_span as s on p.partner_id = s.partner_id and d.day >= s.since and d.day < s.until;

-- Everything that a partner did, once for each row of an export.
create table deed as
select partner_id, local_day(moment) as day, true as qualifies, false as is_marketing
from touch where evidence in ('crm_role', 'utm', 'campaign')
union all
select partner_id, local_day(moment), true, false from registration
union all
select partner_id, local_day(moment), true, false from referral
union all
select partner_id, local_day(moment), true, false from claim
union all
select partner_id, issued_on, true, false from certificate
union all
select partner_id, local_day(moment), true, true from content_use
union all
select p.partner_id, local_day(moment), false, true from response join partner as p using (account_id);

create table activity as
select
  c.partner_id, c.day, count(*) filter (d.qualifies) as events,
  count(*) filter (d.is_marketing) as marketing
from contracted as c
left join deed as d on c.partner_id = d.partner_id and d.day between c.since and c.day
group by all;

create table certified as
select c.partner_id, c.day, c.required_people, count(distinct t.person_id) as people
from contracted as c
left join certificate as t on c.partner_id = t.partner_id and c.day between t.issued_on and t.expires_on
where c.required_people > 0
group by all;
