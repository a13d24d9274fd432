-- Each opportunity won, once for each partner that influenced it; one that nobody influenced adds to
-- the denominator alone.
select
  {{ kpi_observation_columns(
    kpi_id='partner_revenue_share',
    observed_on='won.closed_on',
    partner_id='influences.partner_id',
    entity_type='opportunity',
    entity_id='won.opportunity_id',
    numerator='case when influences.opportunity_id is not null then won.amount_reporting else 0 end',
    denominator='won.amount_reporting'
  ) }}
from {{ ref('int_won_opportunities__converted') }} as won
left join {{ ref('int_influences__derived') }} as influences
  on won.opportunity_id = influences.opportunity_id
-- What cannot be converted is no observation in a money KPI.
where won.amount_reporting is not null
