select
  id as campaign_member_id,
  campaign_id,
  lead_id,
  contact_id,
  has_responded,
  first_responded_date as first_responded_on,
  created_date as created_at,
  is_deleted,
  {{ lineage_columns() }}
from {{ source('salesforce', 'campaign_member') }}
