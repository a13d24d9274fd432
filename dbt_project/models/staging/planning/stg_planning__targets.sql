select
  kpi_id,
  dimension,
  member,
  valid_from,
  baseline,
  target,
  corridor_low,
  corridor_high,
  objective,
  {{ lineage_columns() }}
from {{ source('planning', 'target') }}
