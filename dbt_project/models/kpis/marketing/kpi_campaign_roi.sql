-- Each campaign on its last day, once for each partner that it was run with: what it brought beyond its
-- cost, beside its cost. A won opportunity that cannot be converted adds nothing.
with revenue as (
  select
    campaign_id,
    sum(amount_reporting) as amount_reporting
  from {{ ref('int_campaign_wins__converted') }}
  group by campaign_id
)

select
  {{ kpi_observation_columns(
    kpi_id='campaign_roi',
    observed_on='campaigns.ends_on',
    partner_id='accounts.partner_id',
    entity_type='campaign',
    entity_id='campaigns.campaign_id',
    numerator='coalesce(revenue.amount_reporting, 0) - campaigns.cost_reporting',
    denominator='campaigns.cost_reporting'
  ) }}
from {{ ref('int_campaigns__converted') }} as campaigns
left join revenue
  on campaigns.campaign_id = revenue.campaign_id
left join {{ ref('int_partner_accounts__matched') }} as accounts
  on campaigns.partner_account_id = accounts.account_id
-- What cannot be converted is no observation in a money KPI.
where campaigns.cost_reporting is not null
