-- Customers: how soon they reach a first value -----------------------------------------------------
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
