select
  integration_id,
  partner_id,
  name,
  component,
  status_page,
  released_on,
  approved_on,
  {{ lineage_columns() }}
from {{ source('registry', 'integration') }}
