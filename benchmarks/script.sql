-- What a good analyst would write by hand to get the four KPIs out of the same exports: no contracts,
-- no lake, no evidence, no checks. It knows these exports (which file is no export, which rows are
-- broken, what the German columns mean) and reads of each no more than the KPIs need.
-- {landing} and {as_of} are filled in by script.py; {as_of} = null means the last day of the exports.
set timezone = 'UTC';

create macro local_ts(t) as timezone('Europe/Berlin', timezone('UTC', t));
create macro local_day(t) as cast(local_ts(t) as date);
create macro day_starts(d) as timezone('UTC', timezone('Europe/Berlin', cast(d as timestamp)));
create macro utc(text) as try_cast(replace(text, 'Z', '') as timestamp);
create macro berlin(text) as timezone('UTC', timezone('Europe/Berlin', try_strptime(text, '%d.%m.%Y %H:%M')));

-- Exports ---------------------------------------------------------------------------------------
create table versions as
select
  Id as id, StageName as stage, try_cast(Amount as decimal(28, 9)) as amount,
  coalesce(CurrencyIsoCode, 'EUR') as currency, try_cast(CloseDate as date) as close_on,
  utc(CreatedDate) as created_at, IsClosed = 'true' as is_closed, IsWon = 'true' as is_won,
  utc(SystemModstamp) as modified_at, IsDeleted = 'true' as is_deleted
from read_csv('{landing}/salesforce/opportunity/*.csv', all_varchar = true, union_by_name = true)
where
  StageName is not null and try_cast(CloseDate as date) is not null and length(CurrencyIsoCode) = 3
  and (Amount is null or try_cast(Amount as decimal(28, 9)) is not null);

create table opportunity_rows as
select * from (
  select * from versions
  qualify row_number() over (partition by id order by modified_at desc) = 1
)
where not is_deleted;

create table stage as
select stage, case when max_by(is_won, modified_at) then 'won'
  when max_by(is_closed, modified_at) then 'lost' else 'open' end as kind
from versions group by stage;

create table history as
select
  Id as id, OpportunityId as opportunity_id, StageName as stage,
  coalesce(cast(Amount as decimal(28, 9)), 0) as amount, utc(CreatedDate) as moment,
  local_day(utc(CreatedDate)) as day
from read_csv('{landing}/salesforce/opportunity_history/*.csv', all_varchar = true)
where IsDeleted = 'false'
qualify row_number() over (partition by Id order by CreatedDate desc) = 1;

create table partner_versions as
select partner_id, lower(utm_source) as utm_source, left(crm_account_id, 15) as account_id,
  tier, partner_type, region, utc(updated_at) as updated_at
from read_csv('{landing}/prm/partner/*.csv', all_varchar = true, union_by_name = true)
where name is not null;

create table partner as
select * from partner_versions
qualify row_number() over (partition by partner_id order by updated_at desc) = 1;

create table integration as
select integration_id, i.partner_id, trim(component) as component, cast(released_on as date) as released_on
from read_csv('{landing}/registry/integration/*.csv', all_varchar = true) as i;

create table rate as
select Date as day, currency, try_cast(text as decimal(28, 9)) as rate
from (
  unpivot (select cast(Date as date) as Date, * exclude (Date) from read_csv('{landing}/finance/ecb_rate/*.csv', all_varchar = true, null_padding = true))
  on columns(* exclude (Date)) into name currency value text
)
where try_cast(text as decimal(28, 9)) is not null
union all
select date '1999-01-01', 'EUR', 1;

create table milestone as
select
  context.groupId as account_id, properties.integration_id as integration_id,
  event = 'Integration Installed' as is_start, utc("timestamp") as moment
from read_json(
  '{landing}/telemetry/event/*.jsonl.gz', format = 'newline_delimited',
  columns = {{
    type: 'VARCHAR', event: 'VARCHAR', "timestamp": 'VARCHAR',
    context: 'STRUCT(groupId VARCHAR)', properties: 'STRUCT(integration_id VARCHAR)'
  }}
)
where type = 'track' and event in ('Integration Installed', 'First Value Reached');

create table probe as
select integration_id, utc(checked_at) as moment, local_day(utc(checked_at)) as day, is_up = 'true' as is_up
from read_csv('{landing}/sla/probe/*.csv', all_varchar = true, union_by_name = true)
qualify row_number() over (partition by integration_id, checked_at) = 1;

create table setting as
select
  coalesce(cast({as_of} as date), greatest(
    (select max(local_day(moment)) from milestone), (select max(day) from probe),
    (select max(local_day(created_at)) from opportunity_rows)
  )) as as_of,
  (select cast(date_trunc('month', least(min(local_day(created_at)), (select min(local_day(moment)) from milestone))) as date)
   from opportunity_rows) as history_start;

-- Opportunities: state now, close moment, spells in which they were open --------------------------
create table opportunity as
with last_row as (
  select * from history where day <= (select as_of from setting)
  qualify row_number() over (partition by opportunity_id order by moment desc, id desc) = 1
),
present as (
  select
    o.*, local_day(o.created_at) as created_on, os.kind as own_kind, l.id is not null as has_history,
    case when l.id is null or (o.modified_at > l.moment and local_day(o.modified_at) <= s.as_of) then o.stage else l.stage end as now_stage,
    case when l.id is null or (o.modified_at > l.moment and local_day(o.modified_at) <= s.as_of) then coalesce(o.amount, 0) else l.amount end as now_amount
  from opportunity_rows as o
  cross join setting as s
  join stage as os on o.stage = os.stage
  left join last_row as l on o.id = l.opportunity_id
  where local_day(o.created_at) <= s.as_of
),
stay as (
  select p.id, min(h.moment) as began_at
  from present as p
  cross join setting as s
  join history as h on p.id = h.opportunity_id and h.stage = p.now_stage and h.day <= s.as_of
  where not exists (
    select 1 from history as other
    where other.opportunity_id = p.id and other.stage <> p.now_stage and other.day <= s.as_of
      and (other.moment, other.id) > (h.moment, h.id)
  )
  group by p.id
)
select
  p.id, p.currency, p.created_at, p.created_on, p.close_on, p.own_kind, coalesce(p.amount, 0) as own_amount,
  p.now_amount, case when p.has_history or p.close_on <= s.as_of then st.kind else 'open' end as kind,
  case when st.kind <> 'open' then coalesce(local_day(stay.began_at), p.close_on) end as closed_on,
  least(
    day_starts(s.as_of + 1) - interval 1 microsecond,
    case when st.kind <> 'open' then coalesce(stay.began_at, day_starts(p.close_on + 1) - interval 1 microsecond) end
  ) as touchable_until
from present as p
cross join setting as s
join stage as st on p.now_stage = st.stage
left join stay on p.id = stay.id;

create table open_spell as
with day_rows as (
  select * from history
  qualify row_number() over (partition by opportunity_id, day order by moment desc, id desc) = 1
),
day_spans as (
  select *, lead(day) over (partition by opportunity_id order by day) as next_day,
    min(day) over (partition by opportunity_id) as first_day
  from day_rows
)
select o.id, o.currency, greatest(h.day, o.created_on) as open_from,
  least(coalesce(h.next_day, s.as_of), s.as_of) as open_to, h.amount
from day_spans as h
join opportunity as o on h.opportunity_id = o.id
join stage as st on h.stage = st.stage and st.kind = 'open'
cross join setting as s
union all
select o.id, o.currency, o.created_on,
  least(coalesce(f.day, s.as_of), s.as_of, case when o.own_kind <> 'open' then o.close_on end), o.own_amount
from opportunity as o
left join (select opportunity_id, min(day) as day from history group by 1) as f on o.id = f.opportunity_id
cross join setting as s
union all
select o.id, o.currency, s.as_of, s.as_of + 1, o.now_amount
from opportunity as o cross join setting as s where o.kind = 'open';

-- Who influenced what ----------------------------------------------------------------------------
create table influence as
with role as (
  select * from read_csv('{landing}/salesforce/opportunity_partner/*.csv', all_varchar = true)
  qualify row_number() over (partition by Id order by SystemModstamp desc) = 1
),
registration as (
  select * from read_csv('{landing}/prm/deal_registration/*.csv', all_varchar = true)
  qualify row_number() over (partition by registration_id order by updated_at desc) = 1
),
referral as (
  select * from read_csv('{landing}/prm/referral/*.csv', all_varchar = true, delim = ';', encoding = 'latin-1', null_padding = true, nullstr = ['', '-'])
  where "Partner-Nr." is not null
  qualify row_number() over (partition by "Empfehlungs-Nr." order by berlin("Geändert am") desc) = 1
),
lead as (
  select * from read_csv('{landing}/salesforce/lead/lead_????????.csv', all_varchar = true)
  qualify row_number() over (partition by Id order by SystemModstamp desc) = 1
),
touch as (
  select OpportunityId as opportunity_id, p.partner_id, utc(CreatedDate) as moment
  from role left join partner as p on left(role.AccountToId, 15) = p.account_id
  where IsDeleted = 'false'
  union all
  select opportunity_id, p.partner_id, utc(submitted_at)
  from registration cross join setting as s left join partner as p using (partner_id)
  where decision = 'approved' and coalesce(local_day(utc(decided_at)) <= s.as_of, true)
  union all
  select Verkaufschance, p.partner_id, berlin("Eingereicht am")
  from referral cross join setting as s left join partner as p on "Partner-Nr." = p.partner_id
  where Richtung = 'erhalten' and (
    Stand in ('gewonnen', 'verloren')
    or (Stand = 'angenommen' and coalesce(local_day(berlin("Entschieden am")) <= s.as_of, true))
  )
  union all
  select ConvertedOpportunityId, p.partner_id, utc(CreatedDate)
  from lead join partner as p on lower(lead.utm_source__c) = p.utm_source
  where IsDeleted = 'false'
)
select touch.opportunity_id, touch.partner_id, min(local_day(touch.moment)) as since
from touch join opportunity as o on touch.opportunity_id = o.id
where touch.moment >= o.created_at - interval 180 day and touch.moment <= o.touchable_until
group by all;

-- Observations -----------------------------------------------------------------------------------
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

insert into observation
with start as (
  select account_id, integration_id, min(moment) as moment from milestone
  where is_start and account_id is not null and integration_id is not null group by all
),
activated as (
  select account_id, integration_id, s.moment as started_at, min(m.moment) as activated_at
  from start as s join milestone as m using (account_id, integration_id)
  where not m.is_start and m.moment >= s.moment and local_day(m.moment) <= (select as_of from setting)
  group by all
)
select 'time_to_activation', local_day(activated_at), i.partner_id, account_id || '|' || integration_id,
  round(datediff('microsecond', started_at, activated_at) / 86400000000, 9), 1
from activated left join integration as i using (integration_id);

-- Uptime -----------------------------------------------------------------------------------------
create table calendar as
select cast(d as date) as day, day_starts(d) as starts_at, day_starts(d + interval 1 day) as ends_at
from setting as s, unnest(generate_series(s.history_start::timestamp - interval 1 month, s.as_of::timestamp, interval 1 day)) as t(d);

create table status_window as
with incident as (
  select * from (select unnest(incidents, max_depth := 2) from read_json('{landing}/sla/statuspage_incident/*/*.json', columns = {{incidents:
    'STRUCT(id VARCHAR, impact VARCHAR, created_at TIMESTAMP, started_at TIMESTAMP, resolved_at TIMESTAMP, updated_at TIMESTAMP, components STRUCT("name" VARCHAR)[])[]'}}))
  qualify row_number() over (partition by id order by updated_at desc) = 1
),
maintenance as (
  select * from (select unnest(scheduled_maintenances, max_depth := 2) from read_json('{landing}/sla/statuspage_maintenance/*/*.json', columns = {{scheduled_maintenances:
    'STRUCT(id VARCHAR, scheduled_for TIMESTAMP, scheduled_until TIMESTAMP, updated_at TIMESTAMP, components STRUCT("name" VARCHAR)[])[]'}}))
  qualify row_number() over (partition by id order by updated_at desc) = 1
)
select 'outage' as kind, coalesce(started_at, created_at) as from_at,
  least(resolved_at, day_starts((select as_of from setting) + 1)) as to_at,
  impact in ('minor', 'major', 'critical') as counts, unnest(list_transform(components, lambda c: trim(c.name))) as component
from incident
union all
select 'maintenance', scheduled_for, scheduled_until, true, unnest(list_transform(components, lambda c: trim(c.name)))
from maintenance;

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
from piece_day group by component, day;

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
watched as (
  select i.integration_id, c.day
  from integration as i join calendar as c
    on c.day >= greatest(i.released_on, (select min(local_day(from_at)) from status_window))
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
  round(case when probes > 0 then due_us * up / probes else due_us - down_us end / 60000000, 9),
  round(due_us / 60000000, 9)
from day where due_us > 0;

-- Values: every dimension and period --------------------------------------------------------------
create table kpi_value as
with dated as (
  select partner_id, local_day(updated_at) as from_day, tier, partner_type, region
  from partner_versions
  qualify row_number() over (partition by partner_id, local_day(updated_at) order by updated_at desc) = 1
),
span as (
  select *, case when row_number() over w = 1 then date '0001-01-01' else from_day end as since,
    coalesce(lead(from_day) over w, date '9999-12-31') as until
  from dated window w as (partition by partner_id order by from_day)
),
placed as (
  select kpi_id, 'programme' as dimension, 'all' as member, entity, observed_on, numerator, denominator
  from observation
  union all
  select kpi_id, dimension, member, entity, observed_on, numerator, denominator
  from observation as o
  join (unpivot (select *, partner_id as partner from span) on partner, tier, partner_type, region into name dimension value member) as p
    on o.partner_id = p.partner_id and o.observed_on >= p.since and o.observed_on < p.until
),
once as (
  select kpi_id, dimension, member, entity, observed_on, max(numerator) as numerator, max(denominator) as denominator
  from placed group by all
),
periodic as (
  select kpi_id, dimension, member, entity, observed_on, numerator, denominator, period_type,
    cast(case period_type when 'day' then observed_on else date_trunc(period_type, observed_on) end as date) as period_start
  from once, unnest(case kpi_id
    when 'integration_uptime' then ['day', 'week', 'month', 'quarter', 'year']
    when 'time_to_activation' then ['week', 'month', 'quarter', 'year']
    else ['month', 'quarter', 'year'] end) as t(period_type)
  where period_type <> 'day' or observed_on > (select as_of from setting) - 400
),
-- The pipeline is a balance: only a period's last balance day counts.
counting as (
  select * from periodic
  qualify kpi_id <> 'partner_influenced_pipeline'
  or observed_on = max(observed_on) over (partition by kpi_id, period_type, period_start)
),
summed as (
  select kpi_id, dimension, member, period_type, period_start, count(*) as observations,
    sum(numerator) as numerator, sum(denominator) as denominator, median(numerator) filter (kpi_id = 'time_to_activation') as middle
  from counting group by all
)
select s.kpi_id, s.dimension, s.member, s.period_type, s.period_start, s.observations,
  case s.kpi_id
    when 'time_to_activation' then s.middle
    when 'partner_influenced_pipeline' then s.numerator / p.denominator
    else s.numerator / s.denominator
  end::double as value
from summed as s
join summed as p using (kpi_id, period_type, period_start)
where p.dimension = 'programme'
order by all;

copy kpi_value to '{out}' (format parquet);
