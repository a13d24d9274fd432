-- Partners: who is active, and how healthy they are ----------------------------------------------
create macro points(measure, zero_at, hundred_at) as
  100 * least(1, greatest(0, (measure - zero_at) / (hundred_at - zero_at)));

insert into observation
select 'active_partner_rate', day, partner_id, partner_id, (events > 0)::int, 1 from activity;

insert into observation
with pipeline as (
  select c.partner_id, c.day, sum(a.amount) as amount
  from contracted as c
  join influence as i on c.partner_id = i.partner_id and i.since <= c.day
  join open_amount as a on i.opportunity_id = a.id and a.day = c.day
  group by all
),
against_tier as (
  select partner_id, day, coalesce(amount, 0) as amount,
    median(coalesce(amount, 0)) over (partition by day, tier) as usual
  from contracted left join pipeline using (partner_id, day)
),
observed as (
  select c.partner_id, c.day, o.kpi_id, count(*) as observations,
    sum(o.numerator) / sum(o.denominator) as measure
  from contracted as c
  join observation as o on c.partner_id = o.partner_id and o.observed_on between c.since and c.day
  where o.kpi_id in ('integration_uptime', 'nps_integration')
  group by all
),
-- A component without data has no row, so that the others share its weight.
component as (
  select partner_id, day, 20 as weight, points(events, 0, 12) as points from activity
  union all
  select partner_id, day, 30, points(amount / usual, 0, 2) from against_tier where usual > 0
  union all
  select partner_id, day, 20, points(people / required_people, 0, 1) from certified
  union all
  select partner_id, day, 10, points(marketing, 0, 20) from activity
  union all
  select partner_id, day, 10, points(measure, 0.95, 0.999) from observed where kpi_id = 'integration_uptime'
  union all
  select partner_id, day, 10, points(100 * measure, -50, 50) from observed
  where kpi_id = 'nps_integration' and observations >= 5
)
select 'partner_health_score', day, partner_id, partner_id, sum(weight * points) / sum(weight), 1
from component
group by partner_id, day
having sum(weight) >= 60;

insert into observation
select 'roadmap_delivery_rate', due_on, partner_id, item_id, coalesce(delivered_on <= due_on, false)::int, 1
from roadmap_item where kind = 'roadmap'
union all
select 'launch_cycle_days', delivered_on, partner_id, item_id, delivered_on - approved_on, 1
from roadmap_item where kind = 'joint_launch' and approved_on <= delivered_on;
