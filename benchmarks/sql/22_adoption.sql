-- Adoption: installations, what becomes of them, and use ----------------------------------------
create table installation as
with start as (
  select account_id, integration_id, min(moment) as started_at from event
  where event = 'Integration Installed' and account_id is not null and integration_id is not null
    and day <= (select as_of from setting)
  group by all
)
select s.*, i.partner_id, local_day(started_at) as started_on, min(e.moment) as activated_at, min(e.day) as activated_on
from start as s
left join integration as i using (integration_id)
left join event as e
  on e.event = 'First Value Reached' and s.account_id = e.account_id and s.integration_id = e.integration_id
  and e.moment >= s.started_at and e.day <= (select as_of from setting)
group by all;

create table account_partner as
select account_id, partner_id, min(started_at) as installed_at, min(activated_on) as activated_on
from installation group by all;

insert into observation
select 'time_to_activation', activated_on, partner_id, account_id || '|' || integration_id,
  round(datediff('microsecond', started_at, activated_at) / 86400000000, 9), 1
from installation where activated_at is not null
union all
select 'activation_rate_90_days', started_on + 90, partner_id, account_id || '|' || integration_id,
  coalesce(activated_on <= started_on + 90, false)::int, 1
from installation
union all
select 'activated_accounts', activated_on, partner_id, account_id, 1, 1
from account_partner where activated_on is not null;

-- An installation is active from a successful call until 28 days later, unless called again by then.
-- It belongs to one partner alone, so that numbers of installations add up.
insert into observation
with call as (
  select integration_id, day, lag(day) over w as before, lead(day) over w as after
  from event
  where event = 'Integration Called' and status_code < 400 and account_id is not null
    and day <= (select as_of from setting)
  window w as (partition by account_id, integration_id order by day)
),
turn as (
  select integration_id, day, count(*) filter (before is null or before < day - 28) as begun,
    count(*) filter (after is null or after > day + 28) as ended
  from call group by all
),
balance as (
  select day from balance_day union select day from week_end
)
select 'active_integrations', b.day, i.partner_id, integration_id,
  sum(begun) - coalesce(sum(ended) filter (t.day + 28 <= b.day), 0) as active, 1
from turn as t join integration as i using (integration_id) join balance as b on t.day <= b.day
group by all having active > 0;

-- So do the accounts that use a partner's integrations. A row without feature stands for calls.
insert into observation
with window_day as (
  select day as balance_day, day - unnest(range(28))::int as day from balance_day
),
used as (
  select b.balance_day, i.partner_id, account_id, feature
  from event join integration as i using (integration_id) join window_day as b using (day)
  where account_id is not null
    and ((event = 'Integration Called' and status_code < 400) or (event = 'Feature Used' and feature is not null))
  group by all
),
depth as (
  select balance_day, partner_id, account_id, count(feature) as features
  from used group by all having count(*) > count(feature)
)
select 'usage_depth', balance_day, partner_id, partner_id, sum(features), count(*) from depth group by all;
