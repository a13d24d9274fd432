-- Who used what in the trailing window of each balance day: one row per account, integration and day
-- for successful calls (which make an integration active), and one per account, partner, feature and
-- day for features. Only registered integrations count. A day of use stands until the next one or the
-- end of its window, so that a balance day meets at most one of them and nothing has to be counted once.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

named_features as (
  select item from {{ source('control', 'policy_lists') }}
  where policy = 'features'
),

usage as (
  select
    coalesce(accounts.account_id, usage.account_id) as account_id,
    case when usage.event_name = settings.event_use then usage.integration_id end as integration_id,
    owners.named_partner_id,
    owners.partner_id,
    case when usage.event_name = settings.event_feature then usage.feature end as feature,
    usage.used_on
  from {{ ref('int_daily_usage__aggregated') }} as usage
  inner join {{ ref('int_integration_partners__identified') }} as owners
    on usage.integration_id = owners.integration_id
  left join {{ ref('int_usage_accounts__matched') }} as accounts
    on usage.account_id = accounts.named_id
  cross join settings
  where
    usage.account_id is not null
    and usage.used_on <= settings.as_of
    and (
      (usage.event_name = settings.event_use and usage.succeeded_events > 0)
      or (
        usage.event_name = settings.event_feature
        and usage.feature is not null
        and (
          usage.feature in (select item from named_features)
          or not exists (select 1 from named_features)
        )
      )
    )
  group by 1, 2, 3, 4, 5, 6
),

followed as (
  select
    *,
    lead(used_on) over (
      partition by account_id, integration_id, named_partner_id, feature
      order by used_on asc
    ) as next_on
  from usage
),

windows as (
  select
    calendar.day as balance_day,
    {{ add_days('calendar.day', '1 - settings.active_integration_window_days') }} as first_day
  from {{ ref('int_calendar__derived') }} as calendar
  cross join settings
  where calendar.is_balance_day
),

-- Which balance days a day of use can count for: a small table, met by equality.
window_days as (
  {{ days_of('windows', 'first_day', 'balance_day', ['balance_day']) }}
)

select
  followed.account_id,
  followed.integration_id,
  followed.named_partner_id,
  followed.partner_id,
  followed.feature,
  window_days.balance_day as day
from followed
inner join window_days
  on followed.used_on = window_days.day
where followed.next_on is null or window_days.balance_day < followed.next_on
