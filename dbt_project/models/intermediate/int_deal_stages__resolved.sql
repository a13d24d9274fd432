-- The stages that existing deals of HubSpot entered, in the shape of opportunity history. HubSpot keeps
-- no amount with a stage: the deal's own stands in for it.
with newest as (
  {{ latest_version(ref('stg_hubspot__deal_stages'), ['deal_id', 'stage_id', 'entered_at']) }}
)

select
  newest.deal_id || '|' || newest.stage_id || '|' || cast(newest.entered_at as {{ dbt.type_string() }}) as primary_key,
  {{ hubspot_id('newest.deal_id') }} as opportunity_id,
  {{ hubspot_id('newest.stage_id') }} as stage_name,
  deals.amount,
  newest.entered_at as created_at,
  {{ lineage_columns_of('newest') }}
from newest
inner join {{ ref('int_deals__resolved') }} as deals on newest.deal_id = deals.deal_id
