-- Open pipeline, and the deals that were closed -------------------------------------------------------
create table observation as
with days as (
  select distinct least(last_day(m), s.as_of) as day
  from setting as s, unnest(generate_series(s.history_start::timestamp, s.as_of::timestamp, interval 1 month)) as t(m)
),
open_day as (
  select sp.id, d.day, round(sp.amount / r.rate, 6)::decimal(28, 9) as amount
  from open_spell as sp
  join days as d on sp.open_from <= d.day and sp.open_to > d.day
  asof join rate as r on sp.currency = r.currency and d.day >= r.day
)
select 'partner_influenced_pipeline' as kpi_id, o.day as observed_on, i.partner_id, o.id as entity,
  case when i.opportunity_id is null then 0 else o.amount end as numerator, o.amount as denominator
from open_day as o left join influence as i on o.id = i.opportunity_id and i.since <= o.day
union all
select 'partner_win_rate', o.closed_on, i.partner_id, o.id, (o.kind = 'won')::int, 1
from opportunity as o join influence as i on o.id = i.opportunity_id
where o.kind <> 'open' and o.closed_on <= (select as_of from setting);
