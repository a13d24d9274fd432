select
  integration_id,
  checked_at,
  is_up,
  response_ms,
  {{ lineage_columns() }}
from {{ source('sla', 'probe') }}
