-- The file rows behind joint marketing: campaigns with the deals that they won, people who responded,
-- claims for marketing money, and uses of content.
with campaigns as (
  select
    {{ evidence_row('campaign', 'campaign_id', 'salesforce', 'campaign', 'campaign_id', 'campaign') }}
  from {{ ref('int_campaigns__resolved') }} as campaign
  union all
  select
    {{ named_evidence_row('campaign', 'wins.campaign_id', 'origins') }}
  from {{ ref('int_campaign_wins__converted') }} as wins
  inner join {{ ref('entity_sources_opportunities') }} as origins
    on wins.opportunity_id = origins.entity_id
),

people as (
  select
    {{ evidence_row(
      'person', 'coalesce(response.lead_id, response.contact_id, response.campaign_member_id)', 'salesforce',
      'campaign_member', 'response.campaign_member_id', 'member', 'response.responded_on', 'response.responded_on'
    ) }}
  from {{ ref('int_campaign_responses__collected') }} as response
  inner join {{ ref('int_campaign_members__resolved') }} as member
    on response.campaign_member_id = member.campaign_member_id
),

mdf_claims as (
  select
    {{ evidence_row('mdf_claim', 'claim_id', 'prm', 'mdf_claim', 'claim_id', 'claim') }}
  from {{ ref('int_mdf_claims__resolved') }} as claim
),

content_uses as (
  select
    {{ evidence_row('content_use', 'event_id', 'prm', 'content_use', 'event_id', 'used') }}
  from {{ ref('int_content_uses__resolved') }} as used
)

select * from campaigns
union
select * from people
union
select * from mdf_claims
union
select * from content_uses
