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
