-- The telemetry files behind what is observed of use, and how many of their rows tell of it: events are
-- too many to be named one by one. Calls of an integration stand on those of their own day; a balance
-- stands on files with use in its window, which is why a file serves from its first day of use to the
-- end of its last one's window.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

usage as (
  select
    coalesce(accounts.account_id, usage.account_id) as account_id,
    usage.integration_id,
    owners.named_partner_id,
    usage.used_on,
    usage.file_name,
    usage.file_sha256,
    usage.event_name = settings.event_use as is_call,
    usage.events,
    case
      when usage.event_name = settings.event_use then usage.succeeded_events
      when usage.feature is not null then usage.events
      else 0
    end as uses,
    {{ add_days('usage.used_on', 'settings.active_integration_window_days - 1') }} as counts_until
  from {{ ref('int_daily_usage__aggregated') }} as usage
  inner join {{ ref('int_integration_partners__identified') }} as owners
    on usage.integration_id = owners.integration_id
  left join {{ ref('int_usage_accounts__matched') }} as accounts
    on usage.account_id = accounts.named_id
  cross join settings
  where usage.event_name in (settings.event_use, settings.event_feature)
)

select
  'active_installation' as entity_type,
  account_id || '|' || integration_id as entity_id,
  file_name,
  file_sha256,
  sum(uses) as row_count,
  min(used_on) as first_day,
  max(counts_until) as last_day
from usage
where is_call and uses > 0 and account_id is not null
group by account_id, integration_id, file_name, file_sha256
union all
select
  'account_of_partner' as entity_type,
  account_id || '|' || named_partner_id as entity_id,
  file_name,
  file_sha256,
  sum(uses) as row_count,
  min(used_on) as first_day,
  max(counts_until) as last_day
from usage
where uses > 0 and account_id is not null
group by account_id, named_partner_id, file_name, file_sha256
union all
select
  'integration_calls' as entity_type,
  integration_id as entity_id,
  file_name,
  file_sha256,
  sum(events) as row_count,
  used_on as first_day,
  used_on as last_day
from usage
where is_call
group by integration_id, used_on, file_name, file_sha256
