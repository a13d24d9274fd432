select
  deal_id,
  value as stage_id,
  date_entered as entered_at,
  source as change_source,
  {{ lineage_columns() }}
from {{ source('hubspot', 'deal_stage') }}
