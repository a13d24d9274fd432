-- Rows of one entity and day carry the same numbers, whichever partner they count for: all of them
-- meet in the programme, where they count once. The days that stand were found to agree before.
{%- set changed = ref('int_kpi_days__changed') %}

select
  observations.kpi_id,
  observations.entity_type,
  observations.entity_id,
  observations.observed_on
from {{ ref('kpi_observations') }} as observations
where
  observations.kpi_id in (select kpi_id from {{ changed }} where observed_on is null)
  or exists (
    select 1 from {{ changed }} as changed
    where
      observations.kpi_id = changed.kpi_id
      and observations.observed_on = changed.observed_on
  )
group by observations.kpi_id, observations.entity_type, observations.entity_id, observations.observed_on
having
  min(observations.numerator) <> max(observations.numerator)
  or min(observations.denominator) <> max(observations.denominator)
