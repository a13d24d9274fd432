-- One row: which health components have any of their sources landed.
with landed as (
  select source || '/' || entity as name
  from {{ ref('int_source_coverage__derived') }}
  where is_landed
),

flags as (
  select
    count(case when name in (
      'prm/deal_registration', 'prm/referral', 'salesforce/opportunity_partner', 'salesforce/lead',
      'salesforce/campaign_member', 'hubspot/deal_company'
    ) then 1 end) as touches,
    count(case when name in ('prm/mdf_claim', 'prm/content_use', 'lms/certification') then 1 end) as others,
    count(case when name in ('salesforce/opportunity', 'hubspot/deal') then 1 end) as opportunities,
    count(case when name = 'lms/certification' then 1 end) as certificates,
    count(case when name = 'prm/content_use' then 1 end) as content_uses,
    count(case when name in ('salesforce/campaign', 'salesforce/campaign_member') then 1 end) as campaigns
  from landed
)

select
  touches + others > 0 as has_activity,
  opportunities > 0 and touches > 0 as has_pipeline,
  certificates > 0 as has_certification,
  content_uses > 0 or campaigns = 2 as has_marketing
from flags
