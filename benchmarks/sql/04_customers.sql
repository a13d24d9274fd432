-- Customers: how soon they reach a first value, and what they say --------------------------------
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

-- Of each respondent the last answer about an integration in a quarter counts; the nameless count each.
insert into observation
with dated as (
  select *, local_day(moment) as day from answer where local_day(moment) <= (select as_of from setting)
),
last_answer as (
  select * from dated
  qualify row_number() over (
    partition by coalesce(respondent_hash, response_id), integration_id, date_trunc('quarter', day)
    order by moment desc, response_id desc
  ) = 1
)
select 'nps_integration', day, coalesce(a.partner_id, i.partner_id), response_id,
  case when score >= 9 then 1 when score <= 6 then -1 else 0 end, 1
from last_answer as a left join integration as i using (integration_id);
