-- Each answer to csat, on the day it was given: 4 and 5 of 5 are satisfied.
select
  {{ kpi_observation_columns(
    kpi_id='csat',
    observed_on='responded_on',
    partner_id='partner_id',
    entity_type='response',
    entity_id='response_id',
    numerator="case when score >= 4 then 1 else 0 end",
    denominator='1'
  ) }}
from {{ ref('int_survey_answers__counted') }}
where survey = 'csat'
