-- Each claim on the day of its decision: what was paid of what was approved.
select
  {{ kpi_observation_columns(
    kpi_id='mdf_utilisation',
    observed_on='decided_on',
    partner_id='partner_id',
    entity_type='mdf_claim',
    entity_id='claim_id',
    numerator='paid_reporting',
    denominator='approved_reporting'
  ) }}
from {{ ref('int_mdf_claims__converted') }}
-- What cannot be converted is no observation in a money KPI.
where approved_reporting is not null and paid_reporting is not null
