select
  month,
  category,
  amount,
  currency,
  {{ lineage_columns() }}
from {{ source('prm', 'programme_cost') }}
