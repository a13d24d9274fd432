select
  slug,
  day,
  minutes_down,
  {{ lineage_columns() }}
from {{ source('sla', 'upptime_summary') }}
