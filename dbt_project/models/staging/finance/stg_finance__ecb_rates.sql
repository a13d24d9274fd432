select
  rate_date as rate_on,
  currency,
  rate as units_per_euro,
  {{ lineage_columns() }}
from {{ source('finance', 'ecb_rate') }}
