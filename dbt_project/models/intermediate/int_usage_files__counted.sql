-- How many rows of each telemetry file tell of the use of what, and behind which days of observation
-- they stand. Calls of an integration stand on those of their own day; a balance stands on files with
-- use in its window, which is why a file serves from its first day of use to the end of its last one's
-- window. Rows are many: numbers stand for names, and entity_sources_usage looks the names up.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

accounts as (
  select * from {{ ref('int_usage_accounts__matched') }}
),

integrations as (
  select * from {{ ref('int_integration_partners__identified') }}
),

-- Calls of nobody count as calls, and as use by no account.
call_days as (
  select
    integrations.integration_number,
    usage.landed_seq,
    usage.used_on,
    sum(usage.events) as row_count
  from {{ ref('int_daily_usage__aggregated') }} as usage
  inner join settings on usage.event_name = settings.event_use
  inner join integrations on usage.integration_id = integrations.integration_id
  group by integrations.integration_number, usage.landed_seq, usage.used_on
),

installations as (
  select
    accounts.account_number,
    integrations.integration_number,
    integrations.partner_number,
    usage.landed_seq,
    sum(usage.succeeded_events) as row_count,
    min(usage.used_on) as first_day,
    max(usage.used_on) as last_used_on
  from {{ ref('int_daily_usage__aggregated') }} as usage
  inner join settings on usage.event_name = settings.event_use
  inner join integrations on usage.integration_id = integrations.integration_id
  inner join accounts on usage.account_id = accounts.named_id
  where usage.succeeded_events > 0
  group by accounts.account_number, integrations.integration_number, integrations.partner_number, usage.landed_seq
),

-- An event that is named as a call, too, counts as that.
partner_uses as (
  select
    account_number,
    partner_number,
    landed_seq,
    row_count,
    first_day,
    last_used_on
  from installations
  union all
  select
    accounts.account_number,
    integrations.partner_number,
    usage.landed_seq,
    usage.events as row_count,
    usage.used_on as first_day,
    usage.used_on as last_used_on
  from {{ ref('int_daily_usage__aggregated') }} as usage
  inner join settings
    on
      usage.event_name = settings.event_feature
      and settings.event_feature <> settings.event_use
  inner join integrations on usage.integration_id = integrations.integration_id
  inner join accounts on usage.account_id = accounts.named_id
  where usage.feature is not null
),

accounts_of_partners as (
  select
    account_number,
    partner_number,
    landed_seq,
    sum(row_count) as row_count,
    min(first_day) as first_day,
    max(last_used_on) as last_used_on
  from partner_uses
  group by account_number, partner_number, landed_seq
),

counted as (
  select
    'active_installation' as entity_type,
    account_number,
    integration_number,
    cast(null as {{ dbt.type_int() }}) as partner_number,
    landed_seq,
    row_count,
    first_day,
    last_used_on
  from installations
  union all
  select
    'account_of_partner' as entity_type,
    account_number,
    cast(null as {{ dbt.type_int() }}) as integration_number,
    partner_number,
    landed_seq,
    row_count,
    first_day,
    last_used_on
  from accounts_of_partners
)

select
  counted.entity_type,
  counted.account_number,
  counted.integration_number,
  counted.partner_number,
  counted.landed_seq,
  cast(counted.row_count as {{ dbt.type_bigint() }}) as row_count,
  counted.first_day,
  {{ add_days('counted.last_used_on', 'settings.active_integration_window_days - 1') }} as last_day
from counted
cross join settings
union all
select
  'integration_calls' as entity_type,
  cast(null as {{ dbt.type_int() }}) as account_number,
  integration_number,
  cast(null as {{ dbt.type_int() }}) as partner_number,
  landed_seq,
  cast(row_count as {{ dbt.type_bigint() }}) as row_count,
  used_on as first_day,
  used_on as last_day
from call_days
