-- What a good analyst would write by hand to get the KPIs out of the same exports: no contracts,
-- no lake, no evidence, no checks. It knows these exports (which file is no export, which rows are
-- broken, what the German columns mean) and reads of each no more than the KPIs need.
-- {landing} and {as_of} are filled in by script.py; {as_of} = null means the last day of the exports.
set timezone = 'UTC';

create macro local_ts(t) as timezone('Europe/Berlin', timezone('UTC', t));
create macro local_day(t) as cast(local_ts(t) as date);
create macro day_starts(d) as timezone('UTC', timezone('Europe/Berlin', cast(d as timestamp)));
create macro utc(text) as try_cast(text as timestamp);
create macro berlin(text) as timezone('UTC', timezone('Europe/Berlin', try_strptime(text, '%d.%m.%Y %H:%M')));

-- The CRM ----------------------------------------------------------------------------------------
create table versions as
select
  Id as id, AccountId as account_id, lower(Type) as type, StageName as stage, try_cast(Amount as decimal(28, 9)) as amount,
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

create table campaign as
select
  Id as campaign_id, left(Partner_Account__c, 15) as account_id, cast(EndDate as date) as ends_on,
  coalesce(cast(ActualCost as decimal(28, 9)), 0) as cost, coalesce(CurrencyIsoCode, 'EUR') as currency
from read_csv('{landing}/salesforce/campaign/*.csv', all_varchar = true)
where IsDeleted = 'false' and Name is not null;

-- A day of response counts from its beginning.
create table response as
select
  CampaignId as campaign_id, campaign.account_id, LeadId as lead_id, coalesce(LeadId, ContactId, Id) as person,
  coalesce(day_starts(cast(FirstRespondedDate as date)), utc(CreatedDate)) as moment
from read_csv('{landing}/salesforce/campaign_member/*.csv', all_varchar = true)
join campaign on CampaignId = campaign_id
where HasResponded = 'true' and IsDeleted = 'false';
