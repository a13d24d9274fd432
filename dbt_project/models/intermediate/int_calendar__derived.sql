-- Every day of the reporting zone that a model may need, up to as_of: its bounds in UTC and whether
-- balances are observed on it. Balance days are numbered in their order, the other days are not. Days
-- earlier than 40 years ago are beyond any use and left out.
with bounds as (
  select
    settings.as_of,
    settings.reporting_timezone,
    history.history_start,
    greatest(
      cast(settings.as_of - interval '40' year as date),
      least(
        history.history_start,
        coalesce((select min(cast(created_at as date)) from {{ ref('int_opportunities__resolved') }}), settings.as_of),
        coalesce((select min(close_on) from {{ ref('int_opportunities__resolved') }}), settings.as_of),
        coalesce((select min(cast(decided_at as date)) from {{ ref('int_referrals__resolved') }}), settings.as_of),
        coalesce((select min(paid_on) from {{ ref('int_commission_payments__resolved') }}), settings.as_of),
        coalesce((
          select min(profile.day) from {{ source('control', 'entity_profile') }} as profile
          where profile.source = 'sla'
        ), settings.as_of),
        -- A deal that was entered late can have closed before any deal was created.
        coalesce((
          select min(profile.day) from {{ source('control', 'entity_profile') }} as profile
          where profile.source = 'salesforce' and profile.entity = 'opportunity_history'
        ), settings.as_of),
        -- Costs count on the first day of their month.
        coalesce((
          select min(cast({{ dbt.date_trunc('month', 'profile.day') }} as date))
          from {{ source('control', 'entity_profile') }} as profile
          where profile.source = 'prm' and profile.entity = 'programme_cost'
        ), settings.as_of),
        -- Campaigns and claims convert at the rates of their last day and of their decision.
        coalesce((select min(ends_on) from {{ ref('int_campaigns__resolved') }}), settings.as_of),
        coalesce((select min(cast(decided_at as date)) from {{ ref('int_mdf_claims__resolved') }}), settings.as_of)
      ) - interval '1' day
    ) as first_day
  from {{ ref('int_run_settings__derived') }} as settings
  cross join {{ ref('int_history_start__derived') }} as history
),

days as (
  {{ days_of('bounds', 'first_day', 'as_of', ['as_of', 'reporting_timezone', 'history_start']) }}
),

days_with_bounds as (
  select
    day,
    {{ local_day_starts_at('day', 'reporting_timezone') }} as starts_at,
    {{ local_day_starts_at(add_days('day', 1), 'reporting_timezone') }} as ends_at,
    day >= history_start
    and (
      day = as_of
      or day = {{ dbt.last_day('day', 'month') }}
      -- Sunday ends the ISO week
      or {{ add_days('day', 1) }} = cast({{ dbt.date_trunc('week', add_days('day', 1)) }} as date)
    ) as is_balance_day
  from days
)

select
  *,
  case when is_balance_day then cast(
    count(case when is_balance_day then 1 end) over (order by day asc) as {{ dbt.type_int() }}
  ) end as balance_number
from days_with_bounds
