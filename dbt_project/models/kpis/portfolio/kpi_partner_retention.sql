-- Each partner contracted on a quarter's first day, on that day: whether it still is on the last one.
select
  {{ kpi_observation_columns(
    kpi_id='partner_retention',
    observed_on='first_day',
    partner_id='partner_id',
    entity_type='partner',
    entity_id='partner_id',
    numerator='case when is_still_contracted then 1 else 0 end',
    denominator='1'
  ) }}
from {{ ref('int_contracted_quarters__listed') }}
