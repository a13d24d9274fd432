-- Rows of one entity and day carry the same numbers, whichever partner they count for: all of them
-- meet in the programme, where they count once. What was not observed anew was found to agree before.
select
  kpi_id,
  entity_type,
  entity_id,
  observed_on
from {{ ref('kpi_observations') }}
where kpi_id in (select kpi_id from {{ source('control', 'kpis_reached') }})
group by kpi_id, entity_type, entity_id, observed_on
having min(numerator) <> max(numerator) or min(denominator) <> max(denominator)
