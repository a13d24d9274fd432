select
  event_id,
  partner_id,
  asset_id,
  occurred_at,
  {{ lineage_columns() }}
from {{ source('prm', 'content_use') }}
