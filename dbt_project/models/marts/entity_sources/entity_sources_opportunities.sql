-- The file rows behind opportunities: the deal itself, the history of its stages, and every touch.
with deals as (
  select
    opportunity.opportunity_id,
    opportunity.source,
    opportunity.entity,
    opportunity.primary_key,
    {{ row_reference('opportunity') }}
  from {{ ref('int_opportunities__resolved') }} as opportunity
  union all
  select
    history.opportunity_id,
    history.source,
    history.entity,
    history.primary_key,
    {{ row_reference('history') }}
  from {{ ref('int_opportunity_history__resolved') }} as history
  union all
  select
    opportunity_id,
    source,
    entity,
    primary_key,
    file_name,
    file_sha256,
    row_number,
    version_at
  from {{ ref('int_partner_touches__judged') }}
)

select
  {{ named_evidence_row('opportunity', 'deals.opportunity_id', 'deals') }}
from deals
union
select
  {{ evidence_row(
    'opportunity', hubspot_id('deals.deal_id'), 'hubspot', 'deal_pipeline_stage', 'stages.stage_id', 'stages'
  ) }}
from {{ ref('int_deals__resolved') }} as deals
inner join {{ ref('int_deal_pipeline_stages__resolved') }} as stages on deals.stage_id = stages.stage_id
