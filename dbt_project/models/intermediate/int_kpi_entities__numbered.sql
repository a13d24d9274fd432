-- What was observed on the days whose sums must be computed anew, entities by number: one row per KPI
-- (the number of its programme), entity and day, which counts for the programme and for its one
-- partner. What several partners share has no partner there, and besides a row for each of them,
-- which counts for what they belong to only. Of a balance that is added up by partner only what several
-- share is here (int_kpi_members__balanced has the rest). The numbers of entities mean nothing beyond
-- this table.
with counting as (
  select
    needed.programme_number,
    observations.partner_id,
    observations.entity_type,
    observations.entity_id,
    observations.observed_on,
    observations.numerator,
    observations.denominator
  from {{ ref('kpi_observations') }} as observations
  inner join {{ ref('int_kpi_days__needed') }} as needed
    on
      observations.kpi_id = needed.kpi_id
      and observations.observed_on = needed.observed_on
  left join {{ ref('int_kpi_entities__shared') }} as shared
    on
      observations.kpi_id = shared.kpi_id
      and observations.observed_on = shared.observed_on
      and observations.entity_type = shared.entity_type
      and observations.entity_id = shared.entity_id
  where not needed.is_added_up or shared.kpi_id is not null
),

entities as (
  select
    entity_type,
    entity_id,
    row_number() over (order by entity_type asc, entity_id asc) as entity_number
  from (select distinct entity_type, entity_id from counting) as keys
),

numbered as (
  select
    counting.programme_number,
    counting.partner_id,
    entities.entity_number,
    counting.observed_on,
    counting.numerator,
    counting.denominator
  from counting
  inner join entities
    on
      counting.entity_type = entities.entity_type
      and counting.entity_id = entities.entity_id
),

-- Rows of one entity and day carry the same numbers (a test fails otherwise): count once.
things as (
  select
    programme_number,
    entity_number,
    observed_on,
    max(partner_id) as partner_id,
    max(numerator) as numerator,
    max(denominator) as denominator,
    count(*) as observations
  from numbered
  group by programme_number, entity_number, observed_on
),

shared as (
  select * from things
  where observations > 1
)

select
  programme_number,
  entity_number,
  observed_on,
  case when observations = 1 then partner_id end as partner_id,
  numerator,
  denominator,
  false as is_part
from things
union all
select
  numbered.programme_number,
  numbered.entity_number,
  numbered.observed_on,
  numbered.partner_id,
  numbered.numerator,
  numbered.denominator,
  true as is_part
from numbered
inner join shared
  on
    numbered.programme_number = shared.programme_number
    and numbered.entity_number = shared.entity_number
    and numbered.observed_on = shared.observed_on
where numbered.partner_id is not null
