select
  deal_id,
  property_dealname as deal_name,
  deal_pipeline_id as pipeline_id,
  deal_pipeline_stage_id as stage_id,
  property_amount as amount,
  property_deal_currency_code as currency,
  property_dealtype as deal_type,
  property_closedate as close_at,
  property_createdate as created_at,
  owner_id,
  property_hs_lastmodifieddate as modified_at,
  is_deleted,
  {{ lineage_columns() }}
from {{ source('hubspot', 'deal') }}
