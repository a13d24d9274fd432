-- Each answer to partner_nps that counts, on the day it was given.
select
  {{ kpi_observation_columns(
    kpi_id='nps_partner',
    observed_on='responded_on',
    partner_id='partner_id',
    entity_type='response',
    entity_id='response_id',
    numerator='points',
    denominator='1'
  ) }}
from {{ ref('int_survey_answers__counted') }}
where survey = 'partner_nps'
