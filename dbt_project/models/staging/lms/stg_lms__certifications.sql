select
  person_id,
  partner_id,
  certification,
  track,
  issued_on,
  expires_on,
  {{ lineage_columns() }}
from {{ source('lms', 'certification') }}
