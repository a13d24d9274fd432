-- Opportunities won by as_of that campaigns led to: those into which leads of members were converted
-- who had responded by as_of. Each opportunity once per campaign, in the reporting currency at the rate
-- of the campaign's last day; null where no rate is known.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

wins as (
  select distinct
    campaigns.campaign_id,
    campaigns.ends_on,
    opportunities.opportunity_id,
    opportunities.currency,
    opportunities.own_amount
  from {{ ref('int_campaign_members__resolved') }} as members
  cross join settings
  inner join {{ ref('int_campaigns__resolved') }} as campaigns
    on members.campaign_id = campaigns.campaign_id
  inner join {{ ref('int_leads__resolved') }} as leads
    on members.lead_id = leads.lead_id
  inner join {{ ref('int_opportunities__stated') }} as opportunities
    on leads.converted_opportunity_id = opportunities.opportunity_id
  where
    members.has_responded
    and coalesce(members.first_responded_on, {{ local_date('members.created_at') }}) <= settings.as_of
    and campaigns.ends_on <= settings.as_of
    and opportunities.stage_kind = 'won'
    and opportunities.closed_on <= settings.as_of
)

select
  wins.campaign_id,
  wins.opportunity_id,
  wins.currency,
  wins.ends_on,
  rates.rate_on,
  {{ converted_amount('wins.own_amount', 'rates.from_rate', 'rates.to_rate') }} as amount_reporting
from wins
left join {{ ref('int_conversion_rates__filled') }} as rates
  on
    wins.currency = rates.currency
    and wins.ends_on = rates.day
