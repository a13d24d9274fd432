-- Who used what, and on which balance days this counts: one row per account, integration and spell of
-- successful calls (which make an integration active), and one per account, partner, feature and spell
-- for features. A spell is all balance days in a row in whose windows it was used; between two spells of
-- the same thing lies a balance day in whose window it was not. Only registered integrations count.
-- Rows of use are many: numbers stand for names, and readers look the names up.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

accounts as (
  select * from {{ ref('int_usage_accounts__matched') }}
),

integrations as (
  select * from {{ ref('int_integration_partners__identified') }}
),

window_days as (
  select * from {{ ref('int_usage_window_days__listed') }}
),

named_features as (
  select item from {{ source('control', 'policy_lists') }}
  where policy = 'features'
),

features as (
  select feature
  from (select distinct feature from {{ ref('int_daily_usage__aggregated') }} where feature is not null) as used
  where
    feature in (select item from named_features)
    or not exists (select 1 from named_features)
),

-- One number says what is used: that of the integration, or one below zero for a partner's feature.
partner_features as (
  select
    integrations.integration_id,
    integrations.partner_number,
    features.feature,
    -dense_rank() over (order by integrations.partner_number asc, features.feature asc) as thing_number
  from integrations
  cross join features
),

used as (
  select
    accounts.account_number,
    integrations.integration_number as thing_number,
    window_days.first_balance_number,
    window_days.last_balance_number
  from {{ ref('int_daily_usage__aggregated') }} as usage
  inner join settings on usage.event_name = settings.event_use
  inner join accounts on usage.account_id = accounts.named_id
  inner join integrations on usage.integration_id = integrations.integration_id
  inner join window_days on usage.used_on = window_days.day
  where usage.succeeded_events > 0
  union all
  select
    accounts.account_number,
    partner_features.thing_number,
    window_days.first_balance_number,
    window_days.last_balance_number
  from {{ ref('int_daily_usage__aggregated') }} as usage
  inner join settings on usage.event_name = settings.event_feature
  inner join accounts on usage.account_id = accounts.named_id
  inner join partner_features
    on
      usage.integration_id = partner_features.integration_id
      and usage.feature = partner_features.feature
  inner join window_days on usage.used_on = window_days.day
),

neighbours as (
  select
    *,
    lag(last_balance_number) over uses as before_number,
    lead(first_balance_number) over uses as next_number
  from used
  window uses as (
    partition by account_number, thing_number
    order by first_balance_number asc, last_balance_number asc
  )
),

edges as (
  select
    *,
    coalesce(before_number < first_balance_number - 1, true) as is_first,
    coalesce(next_number > last_balance_number + 1, true) as is_last
  from neighbours
  where
    before_number is null
    or before_number < first_balance_number - 1
    or next_number is null
    or next_number > last_balance_number + 1
),

-- What a spell's first edge is followed by is its last one.
spells as (
  select
    account_number,
    thing_number,
    is_first,
    first_balance_number,
    case
      when is_last then last_balance_number
      else lead(last_balance_number) over (
        partition by account_number, thing_number
        order by first_balance_number asc, last_balance_number asc, is_last asc
      )
    end as last_balance_number
  from edges
),

things as (
  select
    integration_number as thing_number,
    partner_number,
    integration_number,
    cast(null as {{ dbt.type_string() }}) as feature
  from integrations
  union all
  select distinct
    thing_number,
    partner_number,
    cast(null as {{ dbt.type_int() }}) as integration_number,
    feature
  from partner_features
)

select
  spells.account_number,
  things.partner_number,
  things.integration_number,
  things.feature,
  spells.first_balance_number,
  spells.last_balance_number
from spells
inner join things on spells.thing_number = things.thing_number
where spells.is_first
