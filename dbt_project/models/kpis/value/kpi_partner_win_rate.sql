-- Each influenced opportunity that closed, once for each partner that influenced it.
select
  {{ kpi_observation_columns(
    kpi_id='partner_win_rate',
    observed_on='opportunities.closed_on',
    partner_id='influences.partner_id',
    entity_type='opportunity',
    entity_id='opportunities.opportunity_id',
    numerator="case when opportunities.stage_kind = 'won' then 1 else 0 end",
    denominator='1'
  ) }}
from {{ ref('int_opportunities__stated') }} as opportunities
inner join {{ ref('int_influences__derived') }} as influences
  on opportunities.opportunity_id = influences.opportunity_id
cross join {{ ref('int_run_settings__derived') }} as settings
where
  opportunities.stage_kind in ('won', 'lost')
  and opportunities.closed_on <= settings.as_of
