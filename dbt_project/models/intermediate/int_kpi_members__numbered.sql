-- Every member that a KPI can have, with a number: one row per KPI, dimension and member. Numbers
-- stand for members while millions of rows are grouped. Dimension `partner` is listed for top3 KPIs
-- too, which are made of partners.
with definitions as (
  select
    definitions.*,
    rhythms.position as rhythm_position
  from {{ source('control', 'kpi_definitions') }} as definitions
  inner join ({{ period_types() }}) as rhythms on definitions.rhythm = rhythms.period_type
),

dimensions as (
  select kpi_id, dimension from {{ source('control', 'kpi_dimensions') }}
  union
  select kpi_id, 'partner' as dimension from definitions where kind = 'top3'
),

members as (
  select
    kpi_id,
    'programme' as dimension,
    'all' as member
  from definitions
  union
  select
    dimensions.kpi_id,
    listed.dimension,
    listed.member
  from {{ ref('int_partner_members__listed') }} as listed
  inner join dimensions on listed.dimension = dimensions.dimension
)

select
  members.kpi_id,
  members.dimension,
  members.member,
  definitions.kind,
  definitions.is_balance,
  definitions.rhythm,
  definitions.rhythm_position,
  row_number() over (order by members.kpi_id asc, members.dimension asc, members.member asc) as member_number
from members
inner join definitions on members.kpi_id = definitions.kpi_id
