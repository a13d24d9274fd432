select
  item_id,
  partner_id,
  title,
  committed_on,
  due_on,
  delivered_on,
  kind as item_kind,
  approved_on,
  {{ lineage_columns() }}
from {{ source('roadmap', 'item') }}
