-- Each installation (account and integration) with a start: its first start event and the first
-- activation event at or after it, with the lake rows that decide them. What happened after as_of is
-- not known yet. An event without account or integration starts nothing. What ids of one account do is
-- done by that account.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

accounts as (
  select * from {{ ref('int_usage_accounts__matched') }}
),

first_starts as (
  select
    accounts.account_id,
    usage.integration_id,
    min({{ row_value(['first_at', 'first_message_id', 'landed_seq', 'first_row_number', 'event_day']) }}) as first_row
  from {{ ref('int_daily_usage__aggregated') }} as usage
  inner join settings on usage.event_name = settings.event_start
  inner join accounts on usage.account_id = accounts.named_id
  where
    usage.integration_id is not null
    and usage.first_at < settings.as_of_ends_at
  group by accounts.account_id, usage.integration_id
),

starts as (
  select
    account_id,
    integration_id,
    first_row.first_at as started_at,
    first_row.event_day,
    first_row.first_message_id,
    first_row.landed_seq,
    first_row.first_row_number
  from first_starts
),

-- Where a day's first activation comes before the start, the first one after the start counts.
candidates as (
  select
    starts.account_id,
    starts.integration_id,
    case when usage.first_at < starts.started_at then usage.first_at_or_after_start_at else usage.first_at end
      as activated_at,
    case when usage.first_at < starts.started_at then usage.after_start_message_id else usage.first_message_id end
      as message_id,
    usage.landed_seq,
    case when usage.first_at < starts.started_at then usage.after_start_row_number else usage.first_row_number end
      as row_number
  from {{ ref('int_daily_usage__aggregated') }} as usage
  inner join settings on usage.event_name = settings.event_activation
  inner join accounts on usage.account_id = accounts.named_id
  inner join starts
    on
      accounts.account_id = starts.account_id
      and usage.integration_id = starts.integration_id
      and usage.event_day >= starts.event_day
),

first_activations as (
  select
    candidates.account_id,
    candidates.integration_id,
    min({{ row_value(['activated_at', 'message_id', 'landed_seq', 'row_number']) }}) as first_row
  from candidates
  cross join settings
  where candidates.activated_at < settings.as_of_ends_at
  group by candidates.account_id, candidates.integration_id
),

activations as (
  select
    account_id,
    integration_id,
    first_row.activated_at,
    first_row.message_id,
    first_row.landed_seq,
    first_row.row_number
  from first_activations
)

select
  starts.account_id,
  starts.integration_id,
  starts.account_id || '|' || starts.integration_id as installation_id,
  starts.started_at,
  activations.activated_at,
  {{ local_date('starts.started_at') }} as started_on,
  {{ local_date('activations.activated_at') }} as activated_on,
  starts.first_message_id as start_message_id,
  starts.landed_seq as start_landed_seq,
  starts.first_row_number as start_row_number,
  activations.message_id as activation_message_id,
  activations.landed_seq as activation_landed_seq,
  activations.row_number as activation_row_number
from starts
cross join settings
left join activations
  on
    starts.account_id = activations.account_id
    and starts.integration_id = activations.integration_id
