select
  id as ticket_id,
  organization_id,
  status,
  priority,
  created_at,
  first_replied_at,
  solved_at,
  sla_first_reply_minutes,
  updated_at,
  {{ lineage_columns() }}
from {{ source('support', 'zendesk_ticket') }}
