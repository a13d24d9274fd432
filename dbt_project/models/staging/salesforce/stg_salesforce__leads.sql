select
  id as lead_id,
  company,
  email_hash,
  lead_source,
  created_date as created_at,
  is_converted,
  converted_date as converted_on,
  converted_opportunity_id,
  converted_account_id,
  utm_source,
  utm_medium,
  utm_campaign,
  system_modstamp as modified_at,
  is_deleted,
  {{ lineage_columns() }}
from {{ source('salesforce', 'lead') }}
