-- What each campaign that ended by as_of cost, in the reporting currency at the rate of its last day;
-- null where no rate is known. rate_on is null where nothing had to be looked up.
with campaigns as (
  select
    ended.campaign_id,
    ended.partner_account_id,
    ended.ends_on,
    coalesce(nullif(trim(ended.currency), ''), settings.reporting_currency) as currency,
    coalesce(ended.actual_cost, 0) as actual_cost
  from {{ ref('int_campaigns__resolved') }} as ended
  cross join {{ ref('int_run_settings__derived') }} as settings
  where ended.ends_on <= settings.as_of
)

select
  campaigns.campaign_id,
  campaigns.partner_account_id,
  campaigns.ends_on,
  campaigns.currency,
  rates.rate_on,
  {{ converted_amount('campaigns.actual_cost', 'rates.from_rate', 'rates.to_rate') }} as cost_reporting
from campaigns
left join {{ ref('int_conversion_rates__filled') }} as rates
  on
    campaigns.currency = rates.currency
    and campaigns.ends_on = rates.day
