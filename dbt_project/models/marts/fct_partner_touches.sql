-- The one ledger of partner touches of existing opportunities, valid or not.
select
  opportunity_id,
  partner_id,
  role,
  evidence,
  touched_at,
  is_valid,
  is_sourcing
from {{ ref('int_partner_touches__judged') }}
