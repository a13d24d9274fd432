-- Tier, type and region of each partner by day: [valid_from, valid_to), an open end is null.
select
  partner_id,
  valid_from,
  valid_to,
  tier,
  partner_type,
  region
from {{ ref('int_partner_versions__derived') }}
