-- The partners that a CRM names on an opportunity: opportunity partners of Salesforce, and companies of
-- a HubSpot deal whose association label is a partner's (dated with the deal unless it has a date).
with newest as (
  {{ latest_version(ref('stg_salesforce__opportunity_partners'), ['opportunity_partner_id']) }}
)

select
  'salesforce' as source,
  'opportunity_partner' as entity,
  opportunity_partner_id,
  opportunity_id,
  account_to_id,
  role,
  created_at,
  {{ lineage_columns() }}
from newest
where not coalesce(is_deleted, false)
union all
select
  'hubspot' as source,
  'deal_company' as entity,
  deal_id || '|' || company_id || '|' || type_id as opportunity_partner_id,
  {{ hubspot_id('deal_id') }} as opportunity_id,
  {{ hubspot_id('company_id') }} as account_to_id,
  role,
  coalesce(associated_at, deal_created_at) as created_at,
  {{ lineage_columns() }}
from {{ ref('int_deal_companies__resolved') }}
where is_partner
