select
  deal_id,
  company_id,
  type_id,
  category,
  label,
  associated_at,
  {{ lineage_columns() }}
from {{ source('hubspot', 'deal_company') }}
