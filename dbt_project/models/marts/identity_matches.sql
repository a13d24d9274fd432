-- Each id that a source names for an account, a partner or an integration, once, with what it was
-- matched to and how. Where no account has landed there is nothing to match accounts and partners with.
with ids as (
  select * from {{ ref('int_accounts__matched') }}
  where named_by = 'id'
),

-- A source that names accounts belongs here, as support/zendesk_ticket with its organization_id will.
named as (
  select
    source,
    entity,
    named_account_id as named_id
  from {{ ref('int_opportunities__resolved') }}
  union all
  select
    'prm' as source,
    'deal_registration' as entity,
    customer_account_id as named_id
  from {{ ref('int_deal_registrations__resolved') }}
  union all
  select
    'prm' as source,
    'referral' as entity,
    customer_account_id as named_id
  from {{ ref('int_referrals__resolved') }}
  union all
  select
    'telemetry' as source,
    'event' as entity,
    account_id as named_id
  from {{ ref('int_daily_usage__aggregated') }}
),

accounts as (
  {{ accounts_of('named', 'named_id', 'source', 'entity') }}
),

-- With both CRMs landed, a company is matched when it is an account of Salesforce, too.
companies as (
  select
    company.source,
    company.entity,
    ids.named_id,
    ids.account_id,
    case when ids.method = 'declared' then 'none' else ids.method end as method
  from {{ ref('int_accounts__resolved') }} as company
  inner join ids on company.account_id = ids.named_id
  where
    company.source = 'hubspot'
    and exists (select 1 as one from ids as salesforce where salesforce.source = 'salesforce')
),

partner_accounts as (
  select
    stands.partner_id,
    stands.account_id as named_id,
    coalesce(ids.account_id, stands.account_id) as account_id,
    stands.method
  from {{ ref('int_partner_accounts__matched') }} as stands
  left join ids on stands.account_id = ids.named_id
),

partners as (
  select
    partners.partner_id as named_id,
    min(partner_accounts.account_id) as account_id,
    coalesce(min(partner_accounts.method), 'none') as method
  from {{ ref('int_partners__resolved') }} as partners
  left join partner_accounts on partners.partner_id = partner_accounts.partner_id
  group by partners.partner_id
),

roles as (
  select
    roles.source,
    roles.entity,
    roles.account_to_id as named_id,
    min(partner_accounts.partner_id) as partner_id,
    coalesce(min(partner_accounts.method), 'none') as method
  from {{ ref('int_opportunity_partners__resolved') }} as roles
  left join partner_accounts on roles.account_to_id = partner_accounts.named_id
  where roles.account_to_id is not null
  group by roles.source, roles.entity, roles.account_to_id
),

components as (
  select
    windows.page_id || '|' || windows.component as named_id,
    min(pages.integration_id) as integration_id
  from {{ ref('int_status_windows__merged') }} as windows
  left join {{ ref('int_integration_pages__picked') }} as pages
    on
      windows.page_id = pages.page_id
      and windows.component = pages.component
  group by windows.page_id, windows.component
),

matched as (
  select
    'account' as kind,
    source,
    entity,
    named_id,
    account_id as matched_id,
    method
  from accounts
  where exists (select 1 as one from ids)
  union all
  select
    'account' as kind,
    source,
    entity,
    named_id,
    account_id as matched_id,
    method
  from companies
  union all
  select
    'partner' as kind,
    'prm' as source,
    'partner' as entity,
    named_id,
    account_id as matched_id,
    method
  from partners
  where exists (select 1 as one from ids)
  union all
  select
    'partner' as kind,
    source,
    entity,
    named_id,
    partner_id as matched_id,
    method
  from roles
  where exists (select 1 as one from ids)
  union all
  select
    'integration' as kind,
    'sla' as source,
    'statuspage_incident' as entity,
    named_id,
    integration_id as matched_id,
    case when integration_id is null then 'none' else 'declared' end as method
  from components
)

select
  kind,
  source,
  entity,
  named_id as source_id,
  case when method <> 'none' then matched_id end as matched_id,
  method
from matched
