-- Opportunities: state now, close moment, spells in which they were open -------------------------
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
  p.id, p.account_id, p.type, p.currency, p.created_at, p.created_on, p.close_on, p.own_kind, coalesce(p.amount, 0) as own_amount,
  p.now_amount, case when p.has_history or p.close_on <= s.as_of then st.kind else 'open' end as kind,
  case when st.kind <> 'open' then coalesce(local_day(stay.began_at), p.close_on) end as closed_on,
  case when st.kind <> 'open' then coalesce(stay.began_at, day_starts(p.close_on)) end as closed_at,
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

create table open_amount as
select sp.id, d.day, round(sp.amount / r.rate, 6)::decimal(28, 9) as amount
from open_spell as sp
join balance_day as d on sp.open_from <= d.day and sp.open_to > d.day
asof join rate as r on sp.currency = r.currency and d.day >= r.day;

create table won as
select o.id, o.account_id, o.type, o.closed_at, o.closed_on, round(o.own_amount / r.rate, 6)::decimal(28, 9) as amount
from opportunity as o asof left join rate as r on o.currency = r.currency and o.closed_on >= r.day
where o.kind = 'won' and o.closed_on <= (select as_of from setting);

-- Who influenced what ----------------------------------------------------------------------------
create table touch as
with named as (
  select 'crm_role' as evidence, opportunity_id, p.partner_id, moment
  from role left join partner as p using (account_id)
  union all
  select 'deal_registration', opportunity_id, p.partner_id, moment
  from registration cross join setting as s left join partner as p using (partner_id)
  where decision = 'approved' and coalesce(decided_on <= s.as_of, true)
  union all
  select 'referral', opportunity_id, p.partner_id, moment
  from referral cross join setting as s left join partner as p using (partner_id)
  where direction = 'erhalten' and (
    status in ('gewonnen', 'verloren')
    or (status = 'angenommen' and coalesce(decided_on <= s.as_of, true))
  )
  union all
  select 'utm', opportunity_id, p.partner_id, moment
  from lead join partner as p using (utm_source)
  union all
  select 'campaign', lead.opportunity_id, p.partner_id, r.moment
  from response as r join lead using (lead_id) left join partner as p using (account_id)
  where account_id is not null
)
select n.*, o.created_at, n.moment >= o.created_at - interval 180 day and n.moment <= o.touchable_until as is_valid
from named as n join opportunity as o on n.opportunity_id = o.id;

create table influence as
select opportunity_id, partner_id, min(local_day(moment)) as since
from touch where is_valid group by all;

create table sourcing as
select opportunity_id, partner_id from touch
where is_valid and evidence in ('deal_registration', 'referral')
qualify moment <= created_at
  and row_number() over (partition by opportunity_id order by moment, evidence, partner_id) = 1;

create table influenced_win as
select won.*, i.partner_id from won join influence as i on won.id = i.opportunity_id;
