-- What a good analyst would write by hand to get the KPIs out of the same exports: no contracts,
-- no lake, no evidence, no checks. It knows these exports (which file is no export, which rows are
-- broken, what the German columns mean) and reads of each no more than the KPIs need.
-- {landing} and {as_of} are filled in by script.py; {as_of} = null means the last day of the exports.
set timezone = 'UTC';

create macro local_ts(t) as timezone('Europe/Berlin', timezone('UTC', t));
create macro local_day(t) as cast(local_ts(t) as date);
create macro day_starts(d) as timezone('UTC', timezone('Europe/Berlin', cast(d as timestamp)));
create macro utc(text) as try_cast(replace(text, 'Z', '') as timestamp);
create macro berlin(text) as timezone('UTC', timezone('Europe/Berlin', try_strptime(text, '%d.%m.%Y %H:%M')));

-- The CRM ----------------------------------------------------------------------------------------
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

create table role as
select OpportunityId as opportunity_id, left(AccountToId, 15) as account_id, utc(CreatedDate) as moment
from (
  select * from read_csv('{landing}/salesforce/opportunity_partner/*.csv', all_varchar = true)
  qualify row_number() over (partition by Id order by SystemModstamp desc) = 1
)
where IsDeleted = 'false';

create table lead as
select
  Id as lead_id, ConvertedOpportunityId as opportunity_id, lower(utm_source__c) as utm_source,
  utc(CreatedDate) as moment
from (
  select * from read_csv('{landing}/salesforce/lead/lead_????????.csv', all_varchar = true)
  qualify row_number() over (partition by Id order by SystemModstamp desc) = 1
)
where IsDeleted = 'false';

-- A day of response counts from its beginning.
create table campaign_response as
select
  LeadId as lead_id, left(Partner_Account__c, 15) as account_id,
  coalesce(day_starts(cast(FirstRespondedDate as date)), utc(CreatedDate)) as moment
from read_csv('{landing}/salesforce/campaign_member/*.csv', all_varchar = true) as member
join read_csv('{landing}/salesforce/campaign/*.csv', all_varchar = true) as campaign on CampaignId = campaign.Id
where
  HasResponded = 'true' and Partner_Account__c is not null
  and member.IsDeleted = 'false' and campaign.IsDeleted = 'false';

-- The programme ----------------------------------------------------------------------------------
create table partner_versions as
select
  partner_id, lower(utm_source) as utm_source, left(crm_account_id, 15) as account_id,
  tier, partner_type, region, cast(contract_start as date) as contract_start,
  cast(ended_on as date) as ended_on, cast(required_certified_people as int) as required_people,
  utc(updated_at) as updated_at
from read_csv('{landing}/prm/partner/*.csv', all_varchar = true, union_by_name = true)
where name is not null;

create table partner as
select * from partner_versions
qualify row_number() over (partition by partner_id order by updated_at desc) = 1;

-- From when until when a partner had its tier, type and region.
create table partner_span as
with dated as (
  select partner_id, local_day(updated_at) as from_day, tier, partner_type, region
  from partner_versions
  qualify row_number() over (partition by partner_id, local_day(updated_at) order by updated_at desc) = 1
)
select *, case when row_number() over w = 1 then date '0001-01-01' else from_day end as since,
  coalesce(lead(from_day) over w, date '9999-12-31') as until
from dated window w as (partition by partner_id order by from_day);

create table registration as
select
  partner_id, opportunity_id, decision, utc(submitted_at) as moment,
  local_day(utc(decided_at)) as decided_on
from read_csv('{landing}/prm/deal_registration/*.csv', all_varchar = true)
where decision <> 'maybe'
qualify row_number() over (partition by registration_id order by updated_at desc) = 1;

create table referral as
select
  "Partner-Nr." as partner_id, Verkaufschance as opportunity_id, Richtung as direction, Stand as status,
  berlin("Eingereicht am") as moment, local_day(berlin("Entschieden am")) as decided_on
from read_csv(
  '{landing}/prm/referral/*.csv', all_varchar = true, delim = ';', encoding = 'latin-1',
  null_padding = true, nullstr = ['', '-']
)
where "Partner-Nr." is not null and Stand <> 'zurückgestellt'
qualify row_number() over (partition by "Empfehlungs-Nr." order by berlin("Geändert am") desc) = 1;

-- Later exports repeat claims and certificates, with the same days in them.
create table claim as
select distinct claim_id, partner_id, utc(submitted_at) as moment
from read_csv('{landing}/prm/mdf_claim/*.csv', all_varchar = true)
where length(currency) = 3 and status <> 'on hold';

create table certificate as
select distinct
  person_id, partner_id, certification, cast(issued_on as date) as issued_on,
  coalesce(cast(expires_on as date), date '9999-12-31') as expires_on
from read_csv('{landing}/lms/certification/*.csv', all_varchar = true)
where track <> 'legal' and person_id not like '%@%';

create table content_use as
select partner_id, utc(occurred_at) as moment
from read_csv('{landing}/prm/content_use/*.csv', all_varchar = true)
where partner_id is not null;

-- Integrations and their use ---------------------------------------------------------------------
create table integration as
select integration_id, partner_id, trim(component) as component, cast(released_on as date) as released_on
from read_csv('{landing}/registry/integration/*.csv', all_varchar = true);

create table answer as
select response_id, partner_id, integration_id, respondent_hash, cast(score as int) as score, utc(responded_at) as moment
from read_csv('{landing}/survey/response/*.csv', all_varchar = true)
where survey = 'integration_nps' and cast(score as int) between 0 and 10 and utc(responded_at) is not null;

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

-- Rates and days ---------------------------------------------------------------------------------
create table rate as
select Date as day, currency, try_cast(text as decimal(28, 9)) as rate
from (
  unpivot (select cast(Date as date) as Date, * exclude (Date) from read_csv('{landing}/finance/ecb_rate/*.csv', all_varchar = true, null_padding = true))
  on columns(* exclude (Date)) into name currency value text
)
where try_cast(text as decimal(28, 9)) is not null
union all
select date '1999-01-01', 'EUR', 1;

create table setting as
select
  coalesce(cast({as_of} as date), greatest(
    (select max(local_day(moment)) from milestone), (select max(day) from probe),
    (select max(local_day(created_at)) from opportunity_rows)
  )) as as_of,
  (select cast(date_trunc('month', least(min(local_day(created_at)), (select min(local_day(moment)) from milestone))) as date)
   from opportunity_rows) as history_start;

create table balance_day as
select distinct least(last_day(m), as_of) as day
from setting, unnest(generate_series(history_start::timestamp, as_of::timestamp, interval 1 month)) as t(m);
