-- Each sourced opportunity on the day it was created, with the amount it was created with.
select
  {{ kpi_observation_columns(
    kpi_id='partner_sourced_pipeline',
    observed_on='created_on',
    partner_id='partner_id',
    entity_type='opportunity',
    entity_id='opportunity_id',
    numerator='amount_reporting',
    denominator='1'
  ) }}
from {{ ref('int_sourced_opportunities__converted') }}
where amount_reporting is not null
