-- Each opportunity on each balance day on which it was open, with its amount of that day in the
-- reporting currency at that day's rate; null where no rate is known. rate_on is null where nothing
-- had to be looked up.
with balance_days as (
  select day from {{ ref('int_calendar__derived') }}
  where is_balance_day
)

select
  spells.opportunity_id,
  balance_days.day,
  spells.currency,
  rates.rate_on,
  {{ converted_amount('spells.amount', 'rates.from_rate', 'rates.to_rate') }} as amount_reporting
from {{ ref('int_open_spells__derived') }} as spells
inner join balance_days
  on
    spells.open_from <= balance_days.day
    and spells.open_to > balance_days.day
left join {{ ref('int_conversion_rates__filled') }} as rates
  on
    spells.currency = rates.currency
    and balance_days.day = rates.day
