select
  id as history_id,
  opportunity_id,
  stage_name,
  amount,
  probability,
  close_date as close_on,
  forecast_category,
  created_date as created_at,
  is_deleted,
  {{ lineage_columns() }}
from {{ source('salesforce', 'opportunity_history') }}
