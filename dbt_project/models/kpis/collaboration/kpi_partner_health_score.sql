-- Each contracted partner on each balance day on which enough of its components have data.
with scores as (
  select
    partner_id,
    day,
    sum(contribution) as score
  from {{ ref('int_health_components__scored') }}
  where contribution is not null
  group by partner_id, day
)

select
  {{ kpi_observation_columns(
    kpi_id='partner_health_score',
    observed_on='day',
    partner_id='partner_id',
    entity_type='partner',
    entity_id='partner_id',
    numerator='score',
    denominator='1'
  ) }}
from scores
