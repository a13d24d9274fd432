select
  response_id,
  survey,
  partner_id,
  integration_id,
  account_id,
  respondent_hash,
  score,
  sent_at,
  responded_at,
  {{ lineage_columns() }}
from {{ source('survey', 'response') }}
