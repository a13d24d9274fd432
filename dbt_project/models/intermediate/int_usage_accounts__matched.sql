-- The ids by which telemetry names accounts that have another one: a small table, so that the many rows
-- of use are never what a join keeps in memory. An id that is not here means itself.
with accounts as (
  {{ accounts_of(ref('int_accounts__matched'), ref('int_daily_usage__aggregated'), 'account_id', "'telemetry'", "'event'") }}
)

select
  named_id,
  account_id
from accounts
where named_id <> account_id
