select
  action_id,
  partner_id,
  quarter,
  side,
  text as action_text,
  owner as action_owner,
  due_on,
  done_on,
  status,
  {{ lineage_columns() }}
from {{ source('qbr', 'action') }}
