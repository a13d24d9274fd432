-- Each claim on the day of its decision: whether it was granted without having been handed in again.
select
  {{ kpi_observation_columns(
    kpi_id='mdf_first_time_right',
    observed_on='decided_on',
    partner_id='partner_id',
    entity_type='mdf_claim',
    entity_id='claim_id',
    numerator="case when coalesce(resubmissions, 0) = 0 and status in ('approved', 'paid') then 1 else 0 end",
    denominator='1'
  ) }}
from {{ ref('int_mdf_claims__converted') }}
