-- Each answer to ces, on the day it was given, with its score from 1 to 7.
select
  {{ kpi_observation_columns(
    kpi_id='customer_effort',
    observed_on='responded_on',
    partner_id='partner_id',
    entity_type='response',
    entity_id='response_id',
    numerator='score',
    denominator='1'
  ) }}
from {{ ref('int_survey_answers__counted') }}
where survey = 'ces'
