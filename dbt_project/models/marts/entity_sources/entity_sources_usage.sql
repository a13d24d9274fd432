-- The telemetry files behind what is observed of use, and how many of their rows tell of it: events are
-- too many to be named one by one. Calls of an integration stand on those of their own day; a balance
-- stands on files with use in its window, which is why a file serves from its first day of use to the
-- end of its last one's window. Numbers stand for names while the many rows of use are grouped.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

accounts as (
  select * from {{ ref('int_usage_accounts__matched') }}
),

account_names as (
  select distinct
    account_number,
    account_id
  from accounts
),

integrations as (
  select * from {{ ref('int_integration_partners__identified') }}
),

partner_names as (
  select distinct
    partner_number,
    named_partner_id
  from integrations
),

files as (
  select * from {{ ref('int_usage_files__numbered') }}
),

-- Calls of nobody count as calls, and as use by no account.
calls as (
  select
    accounts.account_number,
    integrations.integration_number,
    integrations.partner_number,
    files.file_number,
    usage.used_on,
    usage.events,
    usage.succeeded_events as uses
  from {{ ref('int_daily_usage__aggregated') }} as usage
  inner join settings on usage.event_name = settings.event_use
  inner join integrations on usage.integration_id = integrations.integration_id
  inner join files
    on
      usage.file_name = files.file_name
      and usage.file_sha256 = files.file_sha256
  left join accounts on usage.account_id = accounts.named_id
),

-- An event that is named as a call, too, counts as that.
features as (
  select
    accounts.account_number,
    integrations.partner_number,
    files.file_number,
    usage.used_on,
    usage.events as uses
  from {{ ref('int_daily_usage__aggregated') }} as usage
  inner join settings
    on
      usage.event_name = settings.event_feature
      and settings.event_feature <> settings.event_use
  inner join integrations on usage.integration_id = integrations.integration_id
  inner join files
    on
      usage.file_name = files.file_name
      and usage.file_sha256 = files.file_sha256
  inner join accounts on usage.account_id = accounts.named_id
  where usage.feature is not null
),

installations as (
  select
    account_number,
    integration_number,
    file_number,
    sum(uses) as row_count,
    min(used_on) as first_day,
    max(used_on) as last_used_on
  from calls
  where account_number is not null and uses > 0
  group by account_number, integration_number, file_number
),

partner_uses as (
  select
    account_number,
    partner_number,
    file_number,
    used_on,
    uses
  from calls
  where account_number is not null and uses > 0
  union all
  select
    account_number,
    partner_number,
    file_number,
    used_on,
    uses
  from features
),

accounts_of_partners as (
  select
    account_number,
    partner_number,
    file_number,
    sum(uses) as row_count,
    min(used_on) as first_day,
    max(used_on) as last_used_on
  from partner_uses
  group by account_number, partner_number, file_number
),

call_days as (
  select
    integration_number,
    file_number,
    used_on,
    sum(events) as row_count
  from calls
  group by integration_number, file_number, used_on
),

named as (
  select
    'active_installation' as entity_type,
    account_names.account_id || '|' || integrations.integration_id as entity_id,
    installations.file_number,
    installations.row_count,
    installations.first_day,
    {{ add_days('installations.last_used_on', 'settings.active_integration_window_days - 1') }} as last_day
  from installations
  inner join account_names on installations.account_number = account_names.account_number
  inner join integrations on installations.integration_number = integrations.integration_number
  cross join settings
  union all
  select
    'account_of_partner' as entity_type,
    account_names.account_id || '|' || partner_names.named_partner_id as entity_id,
    accounts_of_partners.file_number,
    accounts_of_partners.row_count,
    accounts_of_partners.first_day,
    {{ add_days('accounts_of_partners.last_used_on', 'settings.active_integration_window_days - 1') }} as last_day
  from accounts_of_partners
  inner join account_names on accounts_of_partners.account_number = account_names.account_number
  inner join partner_names on accounts_of_partners.partner_number = partner_names.partner_number
  cross join settings
  union all
  select
    'integration_calls' as entity_type,
    integrations.integration_id as entity_id,
    call_days.file_number,
    call_days.row_count,
    call_days.used_on as first_day,
    call_days.used_on as last_day
  from call_days
  inner join integrations on call_days.integration_number = integrations.integration_number
)

select
  named.entity_type,
  named.entity_id,
  'telemetry' as source,
  'event' as entity,
  cast(null as {{ dbt.type_string() }}) as primary_key,
  files.file_name,
  files.file_sha256,
  cast(null as {{ dbt.type_bigint() }}) as row_number,
  cast(null as {{ dbt.type_timestamp() }}) as version_at,
  cast(named.row_count as {{ dbt.type_bigint() }}) as row_count,
  named.first_day,
  named.last_day
from named
inner join files on named.file_number = files.file_number
