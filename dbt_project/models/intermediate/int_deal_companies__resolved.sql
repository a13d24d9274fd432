-- Companies of existing deals, and whether their association's label makes them partners of the deal.
-- An export without labels may carry one as the category.
with newest as (
  {{ latest_version(ref('stg_hubspot__deal_companies'), ['deal_id', 'company_id', 'type_id']) }}
),

labels as (
  select distinct lower(trim(item)) as label
  from {{ source('control', 'policy_lists') }}
  where policy = 'hubspot_partner_labels'
)

select
  newest.*,
  coalesce(newest.label, newest.category) as role,
  labels.label is not null as is_partner,
  deals.created_at as deal_created_at
from newest
inner join {{ ref('int_deals__resolved') }} as deals on newest.deal_id = deals.deal_id
left join labels on lower(trim(coalesce(newest.label, newest.category))) = labels.label
