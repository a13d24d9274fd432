select
  stage_id,
  label,
  pipeline_id,
  probability,
  closed_won as is_won,
  is_closed,
  display_order,
  updated_at as modified_at,
  {{ lineage_columns() }}
from {{ source('hubspot', 'deal_pipeline_stage') }}
