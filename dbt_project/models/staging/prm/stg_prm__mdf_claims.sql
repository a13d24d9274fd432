select
  claim_id,
  partner_id,
  campaign_id,
  requested_amount,
  approved_amount,
  paid_amount,
  currency,
  submitted_at,
  decided_at,
  status,
  resubmissions,
  has_proof,
  {{ lineage_columns() }}
from {{ source('prm', 'mdf_claim') }}
