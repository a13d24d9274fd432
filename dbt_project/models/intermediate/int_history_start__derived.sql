-- One row: history_start, the day before which no balance is observed. Policy, else the month of the
-- earliest opportunity, track event, referral or registration of the last five years, else the month
-- one year before as_of.
with settings as (
  select
    *,
    cast(as_of - interval '5' year as date) as earliest_day
  from {{ ref('int_run_settings__derived') }}
),

dated as (
  select created_at as happened_at from {{ ref('int_opportunities__resolved') }}
  union all
  select submitted_at as happened_at from {{ ref('int_referrals__resolved') }}
  union all
  select submitted_at as happened_at from {{ ref('int_deal_registrations__resolved') }}
),

days as (
  select {{ local_date('dated.happened_at') }} as day
  from dated
  cross join settings
  union all
  -- A UTC day spans at most two local days: one that ends inside the five years begins there or
  -- on their first day.
  select greatest({{ local_date('profile.first_at') }}, settings.earliest_day) as day
  from {{ source('control', 'entity_profile') }} as profile
  cross join settings
  where
    profile.source = 'telemetry'
    and profile.entity = 'event'
    and {{ local_date('profile.last_at') }} >= settings.earliest_day
),

earliest as (
  select min(days.day) as day
  from days
  cross join settings
  where days.day between settings.earliest_day and settings.as_of
)

select
  coalesce(
    settings.history_start,
    cast({{ dbt.date_trunc('month', "coalesce(earliest.day, settings.as_of - interval '1' year)") }} as date)
  ) as history_start
from settings
cross join earliest
