select
  registration_id,
  partner_id,
  customer_account_id,
  opportunity_id,
  submitted_at,
  decided_at,
  decision,
  protected_until,
  updated_at,
  {{ lineage_columns() }}
from {{ source('prm', 'deal_registration') }}
