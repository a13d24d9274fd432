select
  referral_id,
  partner_id,
  direction,
  customer_account_id,
  submitted_at,
  first_response_at,
  status,
  decided_at,
  opportunity_id,
  revenue,
  currency,
  involvement,
  updated_at,
  {{ lineage_columns() }}
from {{ source('prm', 'referral') }}
