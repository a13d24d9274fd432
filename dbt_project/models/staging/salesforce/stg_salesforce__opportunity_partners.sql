select
  id as opportunity_partner_id,
  opportunity_id,
  account_to_id,
  role,
  is_primary,
  created_date as created_at,
  system_modstamp as modified_at,
  is_deleted,
  {{ lineage_columns() }}
from {{ source('salesforce', 'opportunity_partner') }}
