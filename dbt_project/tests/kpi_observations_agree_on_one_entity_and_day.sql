-- Rows of one entity and day carry the same numbers, whichever partner they count for: all of them
-- meet in the programme, where they count once.
select
  kpi_id,
  entity_type,
  entity_id,
  observed_on
from {{ ref('kpi_observations') }}
group by kpi_id, entity_type, entity_id, observed_on
having min(numerator) <> max(numerator) or min(denominator) <> max(denominator)
