-- The opportunities of both CRMs as their newest versions describe them; deleted ones don't exist.
with newest as (
  {{ latest_version(ref('stg_salesforce__opportunities'), ['opportunity_id']) }}
)

select
  'salesforce' as source,
  'opportunity' as entity,
  opportunity_id as primary_key,
  opportunity_id,
  account_id,
  opportunity_name,
  stage_name,
  amount,
  currency,
  close_on,
  created_at,
  opportunity_type,
  {{ lineage_columns() }}
from newest
where not coalesce(is_deleted, false)
union all
select
  source,
  entity,
  primary_key,
  opportunity_id,
  account_id,
  opportunity_name,
  stage_name,
  amount,
  currency,
  close_on,
  created_at,
  opportunity_type,
  {{ lineage_columns() }}
from {{ ref('int_deals__mapped') }}
