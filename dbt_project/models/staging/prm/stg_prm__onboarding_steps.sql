select
  partner_id,
  step,
  due_on,
  completed_on,
  {{ lineage_columns() }}
from {{ source('prm', 'onboarding_step') }}
