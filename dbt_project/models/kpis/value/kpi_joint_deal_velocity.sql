-- Each influenced opportunity that was won, once for each partner that influenced it: days from the
-- earliest lead converted into it (else its own creation) to its close.
with leads as (
  select
    leads.converted_opportunity_id as opportunity_id,
    {{ local_date('min(leads.created_at)', 'min(settings.reporting_timezone)') }} as begun_on
  from {{ ref('int_leads__resolved') }} as leads
  cross join {{ ref('int_run_settings__derived') }} as settings
  where
    leads.converted_opportunity_id is not null
    and leads.created_at < settings.as_of_ends_at
  group by leads.converted_opportunity_id
)

select
  {{ kpi_observation_columns(
    kpi_id='joint_deal_velocity',
    observed_on='opportunities.closed_on',
    partner_id='influences.partner_id',
    entity_type='opportunity',
    entity_id='opportunities.opportunity_id',
    numerator=dbt.datediff('coalesce(leads.begun_on, opportunities.created_on)', 'opportunities.closed_on', 'day'),
    denominator='1'
  ) }}
from {{ ref('int_opportunities__stated') }} as opportunities
inner join {{ ref('int_influences__derived') }} as influences
  on opportunities.opportunity_id = influences.opportunity_id
left join leads on opportunities.opportunity_id = leads.opportunity_id
cross join {{ ref('int_run_settings__derived') }} as settings
where
  opportunities.stage_kind = 'won'
  and opportunities.closed_on <= settings.as_of
