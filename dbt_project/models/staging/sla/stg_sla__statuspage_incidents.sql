select
  id as incident_id,
  page_id,
  name,
  status,
  impact,
  created_at,
  started_at,
  resolved_at,
  components,
  updated_at,
  {{ lineage_columns() }}
from {{ source('sla', 'statuspage_incident') }}
