-- Each person on each day on which it responded to a campaign run with a partner. A person is a lead,
-- else a contact, else the member itself.
select distinct
  {{ kpi_observation_columns(
    kpi_id='co_marketing_reach',
    observed_on='responses.responded_on',
    partner_id='responses.partner_id',
    entity_type='person',
    entity_id='coalesce(responses.lead_id, responses.contact_id, responses.campaign_member_id)',
    numerator='1',
    denominator='1'
  ) }}
from {{ ref('int_campaign_responses__collected') }} as responses
cross join {{ ref('int_run_settings__derived') }} as settings
where responses.responded_on <= settings.as_of
