-- Who used what, and until when this use is the latest: one row per account, integration and day for
-- successful calls (which make an integration active), and one per account, partner, feature and day for
-- features. Only registered integrations count. Of the days of use that begin to count on the same
-- balance day only the last one is listed; it stands until next_on (null: for good).
-- Numbers stand for names while the many rows of use are grouped and put in order.
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
    named_partner_id,
    partner_id
  from integrations
),

named_features as (
  select item from {{ source('control', 'policy_lists') }}
  where policy = 'features'
),

features as (
  select
    feature,
    row_number() over (order by feature asc) as feature_number
  from (select distinct feature from {{ ref('int_daily_usage__aggregated') }} where feature is not null) as used
  where
    feature in (select item from named_features)
    or not exists (select 1 from named_features)
),

used as (
  select
    accounts.account_number,
    integrations.partner_number,
    integrations.integration_number,
    cast(null as {{ dbt.type_bigint() }}) as feature_number,
    usage.used_on
  from {{ ref('int_daily_usage__aggregated') }} as usage
  inner join settings on usage.event_name = settings.event_use
  inner join accounts on usage.account_id = accounts.named_id
  inner join integrations on usage.integration_id = integrations.integration_id
  where usage.succeeded_events > 0
  union all
  select
    accounts.account_number,
    integrations.partner_number,
    cast(null as {{ dbt.type_bigint() }}) as integration_number,
    features.feature_number,
    usage.used_on
  from {{ ref('int_daily_usage__aggregated') }} as usage
  inner join settings on usage.event_name = settings.event_feature
  inner join accounts on usage.account_id = accounts.named_id
  inner join integrations on usage.integration_id = integrations.integration_id
  inner join features on usage.feature = features.feature
),

counting as (
  select
    day,
    min(balance_day) as counts_from
  from {{ ref('int_usage_window_days__listed') }}
  group by day
),

latest as (
  select
    used.account_number,
    used.partner_number,
    used.integration_number,
    used.feature_number,
    counting.counts_from,
    max(used.used_on) as used_on
  from used
  inner join counting on used.used_on = counting.day
  group by
    used.account_number,
    used.partner_number,
    used.integration_number,
    used.feature_number,
    counting.counts_from
),

followed as (
  select
    *,
    lead(used_on) over (
      partition by account_number, partner_number, integration_number, feature_number
      order by used_on asc
    ) as next_on
  from latest
)

select
  account_names.account_id,
  integrations.integration_id,
  partner_names.named_partner_id,
  partner_names.partner_id,
  features.feature,
  followed.used_on,
  followed.next_on
from followed
inner join account_names on followed.account_number = account_names.account_number
inner join partner_names on followed.partner_number = partner_names.partner_number
left join integrations on followed.integration_number = integrations.integration_number
left join features on followed.feature_number = features.feature_number
