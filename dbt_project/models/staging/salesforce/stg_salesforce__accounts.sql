select
  id as account_id,
  name as account_name,
  website,
  industry,
  billing_country,
  type as account_type,
  parent_id,
  owner_id,
  is_partner,
  created_date as created_at,
  system_modstamp as modified_at,
  is_deleted,
  {{ lineage_columns() }}
from {{ source('salesforce', 'account') }}
