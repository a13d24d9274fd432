-- Each opportunity open on a balance day, once for each partner that had influenced it by then;
-- one that nobody had influenced adds to the denominator alone.
select
  {{ kpi_observation_columns(
    kpi_id='partner_influenced_pipeline',
    observed_on='amounts.day',
    partner_id='influences.partner_id',
    entity_type='opportunity',
    entity_id='amounts.opportunity_id',
    numerator='case when influences.opportunity_id is not null then amounts.amount_reporting else 0 end',
    denominator='amounts.amount_reporting'
  ) }}
from {{ ref('int_open_amounts__converted') }} as amounts
left join {{ ref('int_influences__derived') }} as influences
  on
    amounts.opportunity_id = influences.opportunity_id
    and amounts.day >= influences.influenced_on
-- What cannot be converted is no observation in a money KPI.
where amounts.amount_reporting is not null
