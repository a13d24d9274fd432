-- What each member of each dimension observed: one row per KPI, dimension, member, entity and day.
-- Tier, type and region are the partner's of that day. Balances keep only the days that end a period
-- of the KPI. Dimension `partner` is listed for top3 KPIs too, which are made of partners.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

definitions as (
  select * from {{ source('control', 'kpi_definitions') }}
),

dimensions as (
  select kpi_id, dimension from {{ source('control', 'kpi_dimensions') }}
  union
  select kpi_id, 'programme' as dimension from definitions
  union
  select kpi_id, 'partner' as dimension from definitions where kind = 'top3'
),

counting as (
  select observations.*
  from {{ ref('kpi_observations') }} as observations
  inner join definitions on observations.kpi_id = definitions.kpi_id
  cross join settings
  where
    not definitions.is_balance
    or observations.observed_on = settings.as_of
    or observations.observed_on = {{ dbt.last_day('observations.observed_on', 'month') }}
    or definitions.rhythm in ('day', 'week')
),

described as (
  select
    counting.*,
    versions.tier,
    versions.partner_type,
    versions.region
  from counting
  left join {{ ref('int_partner_versions__derived') }} as versions
    on
      counting.partner_id = versions.partner_id
      and counting.observed_on >= versions.valid_from
      and (versions.valid_to is null or counting.observed_on < versions.valid_to)
),

placed as (
  select
    described.kpi_id,
    dimensions.dimension,
    case dimensions.dimension
      when 'programme' then 'all'
      when 'partner' then described.partner_id
      when 'tier' then coalesce(described.tier, 'unknown')
      when 'partner_type' then coalesce(described.partner_type, 'unknown')
      when 'region' then coalesce(described.region, 'unknown')
    end as member,
    described.entity_type || '|' || described.entity_id as entity,
    described.observed_on,
    described.numerator,
    described.denominator
  from described
  inner join dimensions on described.kpi_id = dimensions.kpi_id
  where dimensions.dimension = 'programme' or described.partner_id is not null
)

-- Rows of one entity, day and member carry the same numbers (a test fails otherwise): count once.
select
  kpi_id,
  dimension,
  member,
  entity,
  observed_on,
  max(numerator) as numerator,
  max(denominator) as denominator
from placed
group by kpi_id, dimension, member, entity, observed_on
