select
  message_id,
  type,
  event as event_name,
  user_id_hash,
  anonymous_id,
  timestamp as happened_at,
  received_at,
  context_group_id as account_id,
  properties_integration_id as integration_id,
  properties_feature as feature,
  properties_status_code as status_code,
  {{ lineage_columns() }}
from {{ source('telemetry', 'event') }}
