-- What converts a currency into the reporting currency on a day: amount / from_rate * to_rate, both
-- in units per euro at their latest published rate on or before the day. rate_on is the older of the
-- two publications; null where nothing had to be looked up (the euro, the reporting currency).
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

rates as (
  select * from {{ ref('int_exchange_rates__resolved') }}
),

currencies as (
  select distinct currency from rates
),

slots as (
  select
    currencies.currency,
    calendar.day,
    cast(null as date) as rate_on
  from currencies
  cross join {{ ref('int_calendar__derived') }} as calendar
  union all
  select
    currency,
    rate_on as day,
    rate_on
  from rates
),

filled as (
  select
    currency,
    day,
    max(rate_on) over (
      partition by currency order by day asc
      range between unbounded preceding and current row
    ) as last_rate_on,
    rate_on
  from slots
),

by_day as (
  select
    filled.day,
    filled.currency,
    rates.units_per_euro,
    rates.rate_on
  from filled
  inner join rates
    on
      filled.currency = rates.currency
      and filled.last_rate_on = rates.rate_on
  where filled.rate_on is null and filled.currency <> 'EUR'
  union all
  select
    day,
    'EUR' as currency,
    cast(1 as decimal(28, 9)) as units_per_euro,
    cast(null as date) as rate_on
  from {{ ref('int_calendar__derived') }}
)

select
  by_day.day,
  by_day.currency,
  by_day.units_per_euro as from_rate,
  reporting.units_per_euro as to_rate,
  coalesce(least(by_day.rate_on, reporting.rate_on), by_day.rate_on, reporting.rate_on) as rate_on
from by_day
cross join settings
inner join by_day as reporting
  on
    by_day.day = reporting.day
    and reporting.currency = settings.reporting_currency
where by_day.currency <> settings.reporting_currency
union all
select
  calendar.day,
  settings.reporting_currency as currency,
  cast(1 as decimal(28, 9)) as from_rate,
  cast(1 as decimal(28, 9)) as to_rate,
  cast(null as date) as rate_on
from {{ ref('int_calendar__derived') }} as calendar
cross join settings
