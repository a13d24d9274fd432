-- Each booking of programme costs on the first day of its month, in the reporting currency at that
-- day's rate; null where no rate is known. rate_on is null where nothing had to be looked up.
with costs as (
  select
    booked.cost_id,
    booked.category,
    cast({{ dbt.date_trunc('month', 'booked.month') }} as date) as month_on,
    coalesce(nullif(trim(booked.currency), ''), settings.reporting_currency) as currency,
    coalesce(booked.amount, 0) as amount
  from {{ ref('int_programme_costs__resolved') }} as booked
  cross join {{ ref('int_run_settings__derived') }} as settings
)

select
  costs.cost_id,
  costs.category,
  costs.month_on,
  costs.currency,
  rates.rate_on,
  {{ converted_amount('costs.amount', 'rates.from_rate', 'rates.to_rate') }} as amount_reporting
from costs
cross join {{ ref('int_run_settings__derived') }} as settings
left join {{ ref('int_conversion_rates__filled') }} as rates
  on
    costs.currency = rates.currency
    and costs.month_on = rates.day
where costs.month_on <= settings.as_of
