-- The ids by which telemetry names accounts, each with the account that it means, and a number that
-- stands for this account while the many rows of use are grouped. A small table, so that these many
-- rows are never what a join keeps in memory.
with accounts as (
  {{ accounts_of(ref('int_accounts__matched'), ref('int_daily_usage__aggregated'), 'account_id', "'telemetry'", "'event'") }}
)

select
  named_id,
  account_id,
  cast(dense_rank() over (order by account_id asc) as {{ dbt.type_int() }}) as account_number
from accounts
