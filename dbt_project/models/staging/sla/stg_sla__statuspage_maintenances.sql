select
  id as maintenance_id,
  page_id,
  name,
  status,
  impact,
  scheduled_for,
  scheduled_until,
  components,
  created_at,
  updated_at,
  {{ lineage_columns() }}
from {{ source('sla', 'statuspage_maintenance') }}
