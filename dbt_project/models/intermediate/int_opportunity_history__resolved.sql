-- History rows of opportunities that exist, of both CRMs: deleted rows and deleted opportunities don't.
with newest as (
  {{ latest_version(ref('stg_salesforce__opportunity_history'), ['history_id']) }}
)

select
  'salesforce' as source,
  'opportunity_history' as entity,
  newest.history_id as primary_key,
  newest.history_id,
  newest.opportunity_id,
  newest.stage_name,
  newest.amount,
  newest.close_on,
  newest.created_at,
  {{ lineage_columns_of('newest') }}
from newest
inner join {{ ref('int_opportunities__resolved') }} as opportunities
  on newest.opportunity_id = opportunities.opportunity_id
where not coalesce(newest.is_deleted, false)
union all
select
  'hubspot' as source,
  'deal_stage' as entity,
  primary_key,
  {{ hubspot_id('primary_key') }} as history_id,
  opportunity_id,
  stage_name,
  amount,
  -- HubSpot's history of stages does not say when a deal was to close.
  cast(null as date) as close_on,
  created_at,
  {{ lineage_columns() }}
from {{ ref('int_deal_stages__resolved') }}
