-- Each stage that any opportunity version, history row or policy names, and whether it is won, lost or
-- open. A stage of HubSpot goes by its id (its label is for people and for policies) and carries the
-- flags of its pipeline's export.
with carried as (
  {{ known_versions(ref('stg_salesforce__opportunities')) }}
),

flagged as (
  select
    carried.*,
    case when is_won then 'won' when is_closed then 'lost' else 'open' end as flagged_kind
  from carried
),

-- Where rows of one stage contradict each other the newest version decides, then the larger id.
newest as (
  select
    stage_name,
    flagged_kind
  from flagged
  qualify
    row_number() over (
      partition by stage_name
      order by {{ version_order('flagged', before_hash=['opportunity_id']) }}
    ) = 1
),

pipelines as (
  select
    {{ hubspot_id('stage_id') }} as stage_name,
    label as stage_label,
    case when is_won then 'won' when is_closed then 'lost' else 'open' end as flagged_kind
  from {{ ref('int_deal_pipeline_stages__resolved') }}
),

kinds as (
  select
    stage_name,
    count(distinct flagged_kind) as kinds
  from flagged
  group by stage_name
),

listed as (
  select
    item as stage_name,
    max(case when policy = 'closed_won_stages' then 1 else 0 end) as is_listed_won,
    max(case when policy = 'closed_lost_stages' then 1 else 0 end) as is_listed_lost
  from {{ source('control', 'policy_lists') }}
  where policy in ('closed_won_stages', 'closed_lost_stages')
  group by item
),

lists as (
  select
    coalesce(max(is_listed_won), 0) as has_won_list,
    coalesce(max(is_listed_lost), 0) as has_lost_list
  from listed
),

carrying as (
  select
    stage_name,
    stage_name as stage_label,
    flagged_kind
  from newest
  union all
  select
    stage_name,
    stage_label,
    flagged_kind
  from pipelines
),

mentions as (
  select
    stage_name,
    'salesforce' as source
  from newest
  union
  select
    stage_name,
    'hubspot' as source
  from pipelines
  union
  select
    stage_name,
    'policy' as source
  from listed
  union
  select
    stage_name,
    source
  from {{ ref('int_opportunity_history__resolved') }}
  union
  select
    stage_name,
    source
  from {{ ref('int_opportunities__resolved') }}
),

named as (
  select
    stage_name,
    max(case when source = 'hubspot' then 1 else 0 end) = 1 as is_of_hubspot
  from mentions
  group by stage_name
)

select
  named.stage_name,
  coalesce(carrying.stage_label, named.stage_name) as stage_label,
  named.is_of_hubspot,
  case
    when listed.is_listed_won = 1 then 'won'
    when listed.is_listed_lost = 1 then 'lost'
    -- A policy list replaces its kind: flags of that kind no longer count.
    when carrying.flagged_kind = 'won' and lists.has_won_list = 0 then 'won'
    when carrying.flagged_kind = 'lost' and lists.has_lost_list = 0 then 'lost'
    else 'open'
  end as stage_kind,
  coalesce(kinds.kinds > 1, false) and listed.stage_name is null as is_contradicted,
  carrying.stage_name is null and listed.stage_name is null as is_uncarried
from named
left join carrying on named.stage_name = carrying.stage_name
left join kinds on named.stage_name = kinds.stage_name
-- Policies name stages as people see them.
left join listed on coalesce(carrying.stage_label, named.stage_name) = listed.stage_name
cross join lists
