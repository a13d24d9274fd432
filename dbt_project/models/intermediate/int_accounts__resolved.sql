-- The accounts of both CRMs as their newest versions describe them. A company of HubSpot is an account
-- `hubspot|<company_id>`.
with newest as (
  {{ latest_version(ref('stg_salesforce__accounts'), ['account_id']) }}
)

select
  'salesforce' as source,
  'account' as entity,
  account_id,
  account_id as primary_key,
  account_name,
  website,
  coalesce(is_partner, false) as is_partner,
  {{ lineage_columns() }}
from newest
where not coalesce(is_deleted, false)
union all
select
  'hubspot' as source,
  'company' as entity,
  {{ hubspot_id('company_id') }} as account_id,
  company_id as primary_key,
  company_name as account_name,
  website,
  false as is_partner,
  {{ lineage_columns() }}
from {{ ref('int_companies__resolved') }}
