-- The opportunities of both CRMs as their newest versions describe them; deleted ones don't exist.
-- account_id is the account's one id in all systems, named_account_id what the CRM says.
with newest as (
  {{ latest_version(ref('stg_salesforce__opportunities'), ['opportunity_id']) }}
),

collected as (
  select
    'salesforce' as source,
    'opportunity' as entity,
    opportunity_id as primary_key,
    opportunity_id,
    account_id as named_account_id,
    opportunity_name,
    stage_name,
    amount,
    currency,
    close_on,
    created_at,
    opportunity_type,
    is_confidential,
    {{ lineage_columns() }}
  from newest
  where not coalesce(is_deleted, false)
  union all
  select
    source,
    entity,
    primary_key,
    opportunity_id,
    account_id as named_account_id,
    opportunity_name,
    stage_name,
    amount,
    currency,
    close_on,
    created_at,
    opportunity_type,
    is_confidential,
    {{ lineage_columns() }}
  from {{ ref('int_deals__mapped') }}
),

accounts as (
  {{ accounts_of(ref('int_accounts__matched'), 'collected', 'named_account_id', 'source', 'entity') }}
)

select
  collected.*,
  accounts.account_id
from collected
left join accounts
  on
    collected.source = accounts.source
    and collected.named_account_id = accounts.named_id
