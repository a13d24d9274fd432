-- Reliability: uptime, errors, incidents and tickets -----------------------------------------------------------------------------------------
create table calendar as
select cast(d as date) as day, day_starts(d) as starts_at, day_starts(d + interval 1 day) as ends_at
from setting as s, unnest(generate_series(s.history_start::timestamp - interval 1 month, s.as_of::timestamp, interval 1 day)) as t(d);

create table incident as
select id, impact <> 'none' as counts, coalesce(started_at, created_at) as from_at, resolved_at, list_transform(components, lambda c: trim(c.name)) as components
from (select unnest(incidents, max_depth := 2) from read_json('{landing}/sla/statuspage_incident/*/*.json', columns = {{incidents:
  'STRUCT(id VARCHAR, impact VARCHAR, created_at TIMESTAMP, started_at TIMESTAMP, resolved_at TIMESTAMP, updated_at TIMESTAMP, components STRUCT("name" VARCHAR)[])[]'}}))
qualify row_number() over (partition by id order by updated_at desc) = 1;

create table status_window as
with maintenance as (
  select * from (select unnest(scheduled_maintenances, max_depth := 2) from read_json('{landing}/sla/statuspage_maintenance/*/*.json', columns = {{scheduled_maintenances:
    'STRUCT(id VARCHAR, scheduled_for TIMESTAMP, scheduled_until TIMESTAMP, updated_at TIMESTAMP, components STRUCT("name" VARCHAR)[])[]'}}))
  qualify row_number() over (partition by id order by updated_at desc) = 1
)
select 'outage' as kind, from_at, least(resolved_at, day_starts((select as_of from setting) + 1)) as to_at,
  counts, unnest(components) as component
from incident
union all
select 'maintenance', scheduled_for, scheduled_until, true, unnest(list_transform(components, lambda c: trim(c.name)))
from maintenance;

create table upptime_day as
select slug as component, unnest(map_keys(down)) as day, unnest(map_values(down)) as minutes_down
from (
  select slug, dailyMinutesDown as down
  from read_json(
    '{landing}/sla/upptime_summary/*/summary.json',
    columns = {{slug: 'VARCHAR', dailyMinutesDown: 'MAP(DATE, BIGINT)'}}
  )
);

create table component_day as
with numbered as (
  select *, sum((from_at > reached)::int) over (partition by kind, component order by from_at, to_at) as island
  from (
    select *, max(to_at) over (
      partition by kind, component order by from_at, to_at rows between unbounded preceding and 1 preceding
    ) as reached
    from status_window where counts and from_at < to_at
  )
),
merged as (
  select kind, component, min(from_at) as from_at, max(to_at) as to_at
  from numbered group by kind, component, coalesce(island, 0)
),
piece as (
  select kind, component, from_at, to_at from merged
  union all
  select 'both', o.component, greatest(o.from_at, m.from_at), least(o.to_at, m.to_at)
  from merged as o join merged as m
    on o.component = m.component and o.kind = 'outage' and m.kind = 'maintenance'
    and o.from_at < m.to_at and m.from_at < o.to_at
),
piece_day as (
  select component, day, kind,
    sum(datediff('microsecond', greatest(from_at, starts_at), least(to_at, ends_at))) as us
  from piece join calendar on from_at < ends_at and to_at > starts_at
  group by all
)
select component, day,
  coalesce(sum(us) filter (kind = 'maintenance'), 0) as maintenance_us,
  coalesce(sum(us) filter (kind = 'outage'), 0) - coalesce(sum(us) filter (kind = 'both'), 0) as down_us
from piece_day group by component, day
union all
select component, day, 0, minutes_down * 60000000 from upptime_day;

insert into observation
with probed as (
  select p.integration_id, p.day, count(*) as probes, count(*) filter (p.is_up) as up
  from probe as p
  join integration as i using (integration_id)
  where not exists (
    select 1 from status_window as w
    where w.kind = 'maintenance' and w.component = i.component and p.moment >= w.from_at and p.moment < w.to_at
  )
  group by all
),
-- Upptime speaks for the components that it names, the status page for the others.
watched as (
  select i.integration_id, c.day
  from integration as i
  left join (select component, min(day) as first_day from upptime_day group by component) as u using (component)
  join calendar as c on c.day >= greatest(
    i.released_on, coalesce(u.first_day, (select min(local_day(from_at)) from status_window))
  )
  where i.component <> ''
),
day as (
  select i.integration_id, i.partner_id, c.day, p.probes, p.up, coalesce(d.down_us, 0) as down_us,
    datediff('microsecond', c.starts_at, c.ends_at) - coalesce(d.maintenance_us, 0) as due_us
  from (select integration_id, day from watched union select integration_id, day from probed) as both_
  join integration as i using (integration_id)
  join calendar as c using (day)
  left join probed as p using (integration_id, day)
  left join component_day as d on i.component = d.component and c.day = d.day
)
select 'integration_uptime', day, partner_id, integration_id,
  round(case when probes > 0 then due_us * up / probes else greatest(0, due_us - down_us) end / 60000000, 9),
  round(due_us / 60000000, 9)
from day where due_us > 0;

-- Some calls arrive twice.
insert into observation
select 'integration_error_rate', day, any_value(partner_id), integration_id,
  count(distinct message) filter (status_code >= 500), count(distinct message)
from event join integration using (integration_id)
where event = 'Integration Called'
group by day, integration_id;

insert into observation
select 'mttr_hours', local_day(resolved_at), i.partner_id, id,
  round(datediff('microsecond', from_at, resolved_at) / 3600000000, 9), 1
from (select *, unnest(components) as component from incident) join integration as i using (component)
where counts and from_at <= resolved_at;

insert into observation
select 'support_first_reply_on_time', local_day(t.due_at), a.partner_id, t.ticket_id,
  coalesce(replied_at <= t.due_at, false)::int, 1
from ticket as t
left join account_partner as a on t.account_id = a.account_id and t.created_at >= a.installed_at;
