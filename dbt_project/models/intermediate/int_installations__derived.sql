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

files as (
  select * from {{ ref('int_usage_files__numbered') }}
),

-- Names and digests of files are long: numbers stand for them until the rows are few.
starts as (
  select
    accounts.account_id,
    usage.integration_id,
    usage.first_at as started_at,
    usage.event_day,
    usage.first_message_id,
    files.file_number,
    usage.first_row_number
  from {{ ref('int_daily_usage__aggregated') }} as usage
  inner join settings on usage.event_name = settings.event_start
  inner join accounts on usage.account_id = accounts.named_id
  inner join files
    on
      usage.file_name = files.file_name
      and usage.file_sha256 = files.file_sha256
  where
    usage.integration_id is not null
    and usage.first_at < settings.as_of_ends_at
  qualify
    row_number() over (
      partition by accounts.account_id, usage.integration_id
      order by usage.first_at asc, usage.first_message_id asc
    ) = 1
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
    files.file_number,
    case when usage.first_at < starts.started_at then usage.after_start_row_number else usage.first_row_number end
      as row_number
  from {{ ref('int_daily_usage__aggregated') }} as usage
  inner join settings on usage.event_name = settings.event_activation
  inner join accounts on usage.account_id = accounts.named_id
  inner join files
    on
      usage.file_name = files.file_name
      and usage.file_sha256 = files.file_sha256
  inner join starts
    on
      accounts.account_id = starts.account_id
      and usage.integration_id = starts.integration_id
      and usage.event_day >= starts.event_day
),

activations as (
  select candidates.*
  from candidates
  cross join settings
  where candidates.activated_at < settings.as_of_ends_at
  qualify
    row_number() over (
      partition by candidates.account_id, candidates.integration_id
      order by candidates.activated_at asc, candidates.message_id asc
    ) = 1
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
  start_files.file_name as start_file_name,
  start_files.file_sha256 as start_file_sha256,
  starts.first_row_number as start_row_number,
  activations.message_id as activation_message_id,
  activation_files.file_name as activation_file_name,
  activation_files.file_sha256 as activation_file_sha256,
  activations.row_number as activation_row_number
from starts
cross join settings
inner join files as start_files on starts.file_number = start_files.file_number
left join activations
  on
    starts.account_id = activations.account_id
    and starts.integration_id = activations.integration_id
left join files as activation_files on activations.file_number = activation_files.file_number
