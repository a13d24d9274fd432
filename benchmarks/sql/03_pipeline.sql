-- Open pipeline, and the deals that were closed --------------------------------------------------
create table open_amount as
select sp.id, d.day, round(sp.amount / r.rate, 6)::decimal(28, 9) as amount
from open_spell as sp
join balance_day as d on sp.open_from <= d.day and sp.open_to > d.day
asof join rate as r on sp.currency = r.currency and d.day >= r.day;

create table observation as
select 'partner_influenced_pipeline' as kpi_id, o.day as observed_on, i.partner_id, o.id as entity,
  case when i.opportunity_id is null then 0 else o.amount end as numerator, o.amount as denominator
from open_amount as o left join influence as i on o.id = i.opportunity_id and i.since <= o.day;

insert into observation
with closed as (
  select o.id, i.partner_id, o.kind = 'won' as is_won, o.closed_on, o.created_on
  from opportunity as o join influence as i on o.id = i.opportunity_id
  where o.kind <> 'open' and o.closed_on <= (select as_of from setting)
),
first_lead as (
  select opportunity_id, local_day(min(moment)) as day from lead
  where local_day(moment) <= (select as_of from setting)
  group by opportunity_id
)
select 'partner_win_rate', closed_on, partner_id, id, is_won::int, 1 from closed
union all
select 'joint_deal_velocity', closed_on, partner_id, id, closed_on - coalesce(l.day, created_on), 1
from closed left join first_lead as l on closed.id = l.opportunity_id
where is_won;
