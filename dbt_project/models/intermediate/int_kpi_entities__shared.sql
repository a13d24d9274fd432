-- What several partners share of a balance on a needed day, or a partner with the programme alone: one
-- row per KPI, entity and day of which several rows observe the same. All others can be added up as
-- they are. They are looked for by one number for each row, which takes a fraction of the memory; only
-- what has the number of another row is compared by itself.
with observed as (
  select
    observations.kpi_id,
    observations.observed_on,
    observations.entity_type,
    observations.entity_id
  from {{ ref('kpi_observations') }} as observations
  inner join {{ ref('int_kpi_days__needed') }} as needed
    on
      observations.kpi_id = needed.kpi_id
      and observations.observed_on = needed.observed_on
  where needed.is_added_up
),

{% set number = row_digest(['kpi_id', 'observed_on', 'entity_type', 'entity_id']) -%}
repeated as (
  select {{ number }} as thing_number
  from observed
  group by {{ number }}
  having count(*) > 1
)

select
  kpi_id,
  observed_on,
  entity_type,
  entity_id
from observed
where {{ number }} in (select thing_number from repeated)
group by kpi_id, observed_on, entity_type, entity_id
having count(*) > 1
