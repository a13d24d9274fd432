-- Each won received referral on the day it was won: the commission that its partner earns, or that each
-- of those earns who share it.
select
  {{ kpi_observation_columns(
    kpi_id='commission_earned',
    observed_on='decided_on',
    partner_id='partner_id',
    entity_type='referral',
    entity_id='line_id',
    numerator='commission_reporting',
    denominator='1'
  ) }}
from {{ ref('int_commissions__shared') }}
-- What cannot be converted is no observation in a money KPI.
where commission_reporting is not null
