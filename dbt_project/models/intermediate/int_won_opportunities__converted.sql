-- Each opportunity won by as_of, with its own amount in the reporting currency at its close day's
-- rate; null where no rate is known. rate_on is null where nothing had to be looked up.
select
  opportunities.opportunity_id,
  opportunities.account_id,
  opportunities.opportunity_type,
  opportunities.closed_at,
  opportunities.closed_on,
  opportunities.currency,
  rates.rate_on,
  {{ converted_amount('opportunities.own_amount', 'rates.from_rate', 'rates.to_rate') }} as amount_reporting
from {{ ref('int_opportunities__stated') }} as opportunities
cross join {{ ref('int_run_settings__derived') }} as settings
left join {{ ref('int_conversion_rates__filled') }} as rates
  on
    opportunities.currency = rates.currency
    and opportunities.closed_on = rates.day
where
  opportunities.stage_kind = 'won'
  and opportunities.closed_on <= settings.as_of
