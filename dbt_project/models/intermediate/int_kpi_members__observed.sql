-- What each member of each dimension observed: one row per KPI, dimension, member, entity and day.
-- Tier, type and region are the partner's of that day. Balances keep only the days that can end a
-- period of the KPI. Dimension `partner` is listed for top3 KPIs too, which are made of partners.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

definitions as (
  select * from {{ source('control', 'kpi_definitions') }}
),

dimensions as (
  select kpi_id, dimension from {{ source('control', 'kpi_dimensions') }}
  union
  select kpi_id, 'partner' as dimension from definitions where kind = 'top3'
),

counting as (
  select
    observations.kpi_id,
    observations.partner_id,
    observations.entity_type || '|' || observations.entity_id as entity,
    observations.observed_on,
    observations.numerator,
    observations.denominator
  from {{ ref('kpi_observations') }} as observations
  inner join definitions on observations.kpi_id = definitions.kpi_id
  cross join settings
  where
    not definitions.is_balance
    or observations.observed_on = settings.as_of
    or observations.observed_on = {{ dbt.last_day('observations.observed_on', 'month') }}
    or definitions.rhythm in ('day', 'week')
),

placed as (
  select
    kpi_id,
    'programme' as dimension,
    'all' as member,
    entity,
    observed_on,
    numerator,
    denominator
  from counting
  union all
  select
    counting.kpi_id,
    members.dimension,
    members.member,
    counting.entity,
    counting.observed_on,
    counting.numerator,
    counting.denominator
  from counting
  inner join {{ ref('int_partner_members__listed') }} as members
    on
      counting.partner_id = members.partner_id
      and counting.observed_on >= members.valid_from
      and (members.valid_to is null or counting.observed_on < members.valid_to)
  inner join dimensions
    on
      counting.kpi_id = dimensions.kpi_id
      and members.dimension = dimensions.dimension
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
