-- The programme ----------------------------------------------------------------------------------
create table partner_versions as
select
  partner_id, lower(utm_source) as utm_source, left(crm_account_id, 15) as account_id,
  tier, partner_type, region, cast(contract_start as date) as contract_start,
  cast(ended_on as date) as ended_on, cast(required_certified_people as int) as required_people,
  cast(contract_end as date) as contract_end, cast(renewed_on as date) as renewed_on,
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
  registration_id, partner_id, customer_account_id as account_id, opportunity_id, decision,
  utc(submitted_at) as moment, local_day(utc(submitted_at)) as submitted_on, utc(decided_at) as decided_at,
  local_day(utc(decided_at)) as decided_on, cast(protected_until as date) as protected_until
from read_csv('{landing}/prm/deal_registration/*.csv', all_varchar = true)
where decision <> 'maybe'
qualify row_number() over (partition by registration_id order by updated_at desc) = 1;

create table referral as
select
  "Empfehlungs-Nr." as referral_id, "Partner-Nr." as partner_id, Verkaufschance as opportunity_id,
  Richtung as direction, Stand as status, berlin("Eingereicht am") as moment, berlin("Erste Antwort am") as answered_at,
  berlin("Entschieden am") as decided_at, local_day(berlin("Entschieden am")) as decided_on,
  coalesce(cast(replace(replace(Umsatz, '.', ''), ',', '.') as decimal(28, 9)), 0) as revenue
from read_csv(
  '{landing}/prm/referral/*.csv', all_varchar = true, delim = ';', encoding = 'latin-1',
  null_padding = true, nullstr = ['', '-']
)
where "Partner-Nr." is not null and Stand <> 'zurückgestellt'
qualify row_number() over (partition by "Empfehlungs-Nr." order by berlin("Geändert am") desc) = 1;

-- Later exports repeat certificates, with the same days in them.
create table certificate as
select distinct
  person_id, partner_id, certification, cast(issued_on as date) as issued_on,
  coalesce(cast(expires_on as date), date '9999-12-31') as expires_on
from read_csv('{landing}/lms/certification/*.csv', all_varchar = true)
where track <> 'legal' and person_id not like '%@%';

create table content_use as
select event_id, partner_id, utc(occurred_at) as moment
from read_csv('{landing}/prm/content_use/*.csv', all_varchar = true)
where partner_id is not null;

-- What follows carries no stamp; the names of its files are dated.
create table onboarding_step as
select partner_id, step, cast(due_on as date) as due_on, cast(completed_on as date) as completed_on
from read_csv('{landing}/prm/onboarding_step/*.csv', all_varchar = true, filename = true)
where try_cast(due_on as date) is not null
qualify row_number() over (partition by partner_id, step order by filename desc) = 1;

create table roadmap_item as
select
  item_id, partner_id, kind, cast(due_on as date) as due_on, cast(delivered_on as date) as delivered_on,
  cast(approved_on as date) as approved_on
from read_csv('{landing}/roadmap/item/*.csv', all_varchar = true, filename = true)
where kind in ('roadmap', 'joint_launch')
qualify row_number() over (partition by item_id order by filename desc) = 1;

create table claim as
select
  claim_id, partner_id, status, currency, utc(submitted_at) as moment, local_day(utc(decided_at)) as decided_on,
  coalesce(cast(approved_amount as decimal(28, 9)), 0) as approved,
  coalesce(cast(paid_amount as decimal(28, 9)), 0) as paid, coalesce(cast(resubmissions as int), 0) as resubmissions
from read_csv('{landing}/prm/mdf_claim/*.csv', all_varchar = true, filename = true)
where length(currency) = 3 and status <> 'on hold'
qualify row_number() over (partition by claim_id order by filename desc) = 1;

create table programme_cost as
select date_trunc('month', cast(month as date)) as month_on, category, cast(amount as decimal(28, 9)) as amount, currency
from read_csv('{landing}/prm/programme_cost/*.csv', all_varchar = true, filename = true)
where category in ('management', 'marketing', 'systems', 'commissions')
qualify row_number() over (partition by month, category order by filename desc) = 1;

create table payment as
select
  payment_id, partner_id, cast(amount as decimal(28, 9)) as amount, currency,
  cast(due_on as date) as due_on, cast(paid_on as date) as paid_on
from read_csv('{landing}/prm/commission_payment/*.csv', all_varchar = true, filename = true)
where try_cast(due_on as date) is not null
qualify row_number() over (partition by payment_id order by filename desc) = 1;
