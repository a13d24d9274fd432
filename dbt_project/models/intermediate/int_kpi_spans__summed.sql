-- What the observations of a member add up to in a span: exact decimal sums, distinct entities, the
-- exact median, and for top3 the largest partners. Only spans with observations have a row. Nothing
-- is divided or judged here.
with definitions as (
  select
    definitions.*,
    rhythms.position as rhythm_position
  from {{ source('control', 'kpi_definitions') }} as definitions
  inner join ({{ period_types() }}) as rhythms on definitions.rhythm = rhythms.period_type
),

spans as (
  select * from {{ ref('int_kpi_spans__listed') }}
),

members as (
  select * from {{ ref('int_kpi_members__observed') }}
),

span_days as (
  select distinct observed_on from members
),

-- A day belongs to one whole period of each type, and to at most one `so_far` span of each.
placed_days as (
  select
    span_days.observed_on,
    spans.period_type,
    spans.position,
    spans.scope,
    spans.period_start,
    spans.last_day
  from span_days
  inner join spans
    on
      spans.period_start = {{ period_start_of('spans.period_type', 'span_days.observed_on') }}
      and span_days.observed_on <= spans.last_day
),

flows as (
  select
    members.kpi_id,
    members.dimension,
    members.member,
    placed_days.period_type,
    placed_days.scope,
    placed_days.period_start,
    members.entity,
    members.observed_on,
    members.numerator,
    members.denominator
  from members
  inner join definitions on members.kpi_id = definitions.kpi_id
  inner join placed_days
    on
      members.observed_on = placed_days.observed_on
      and placed_days.position >= definitions.rhythm_position
  where not definitions.is_balance
),

-- A balance is what the span's last day shows.
balances as (
  select
    members.kpi_id,
    members.dimension,
    members.member,
    placed_days.period_type,
    placed_days.scope,
    placed_days.period_start,
    members.entity,
    members.observed_on,
    members.numerator,
    members.denominator
  from members
  inner join definitions on members.kpi_id = definitions.kpi_id
  inner join (
    select * from placed_days
    where observed_on = last_day and scope = 'whole'
  ) as placed_days
    on
      members.observed_on = placed_days.observed_on
      and placed_days.position >= definitions.rhythm_position
  where definitions.is_balance
),

summed_flows as (
  select
    kpi_id,
    dimension,
    member,
    period_type,
    scope,
    period_start,
    count(*) as observations,
    cast(sum(numerator) as decimal(38, 9)) as numerator,
    cast(sum(denominator) as decimal(38, 9)) as denominator,
    count(distinct entity) as entities,
    count(distinct case when denominator <> 0 then entity end) as entities_with_denominator
  from flows
  group by kpi_id, dimension, member, period_type, scope, period_start
),

-- Within one day an entity has one row: nothing to look for twice.
summed_balances as (
  select
    kpi_id,
    dimension,
    member,
    period_type,
    scope,
    period_start,
    count(*) as observations,
    cast(sum(numerator) as decimal(38, 9)) as numerator,
    cast(sum(denominator) as decimal(38, 9)) as denominator,
    count(*) as entities,
    count(case when denominator <> 0 then 1 end) as entities_with_denominator
  from balances
  group by kpi_id, dimension, member, period_type, scope, period_start
),

summed as (
  select * from summed_flows
  union all
  select * from summed_balances
),

medianed as (
  select flows.* from flows
  inner join definitions on flows.kpi_id = definitions.kpi_id
  where definitions.kind = 'median'
  union all
  select balances.* from balances
  inner join definitions on balances.kpi_id = definitions.kpi_id
  where definitions.kind = 'median'
),

-- The one or two middle observations; their mean is the interpolated median.
ordered as (
  select
    placed.kpi_id,
    placed.dimension,
    placed.member,
    placed.period_type,
    placed.scope,
    placed.period_start,
    placed.numerator,
    row_number() over (
      partition by
        placed.kpi_id, placed.dimension, placed.member, placed.period_type, placed.scope, placed.period_start
      order by placed.numerator asc, placed.entity asc, placed.observed_on asc
    ) as position,
    count(*) over (
      partition by
        placed.kpi_id, placed.dimension, placed.member, placed.period_type, placed.scope, placed.period_start
    ) as observations
  from medianed as placed
),

medians as (
  select
    kpi_id,
    dimension,
    member,
    period_type,
    scope,
    period_start,
    cast(sum(numerator) as decimal(38, 9)) as middle_sum,
    count(*) as middle_count
  from ordered
  where 2 * position between observations and observations + 2
  group by kpi_id, dimension, member, period_type, scope, period_start
),

ranked as (
  select
    summed.*,
    row_number() over (
      partition by summed.kpi_id, summed.period_type, summed.scope, summed.period_start
      order by summed.numerator desc, summed.member asc
    ) as position
  from summed
  inner join definitions on summed.kpi_id = definitions.kpi_id
  where definitions.kind = 'top3' and summed.dimension = 'partner'
),

largest as (
  select
    kpi_id,
    period_type,
    scope,
    period_start,
    cast(sum(case when position <= 3 then numerator end) as decimal(38, 9)) as top3_numerator,
    cast(sum(numerator) as decimal(38, 9)) as partners_numerator,
    count(case when numerator <> 0 then 1 end) as partners_with_numerator
  from ranked
  group by kpi_id, period_type, scope, period_start
)

select
  summed.kpi_id,
  summed.dimension,
  summed.member,
  summed.period_type,
  summed.scope,
  summed.period_start,
  summed.observations,
  summed.numerator,
  summed.denominator,
  summed.entities,
  summed.entities_with_denominator,
  medians.middle_sum,
  medians.middle_count,
  largest.top3_numerator,
  largest.partners_numerator,
  largest.partners_with_numerator
from summed
left join medians
  on
    summed.kpi_id = medians.kpi_id
    and summed.dimension = medians.dimension
    and summed.member = medians.member
    and summed.period_type = medians.period_type
    and summed.scope = medians.scope
    and summed.period_start = medians.period_start
left join largest
  on
    summed.kpi_id = largest.kpi_id
    and summed.dimension = 'programme'
    and summed.period_type = largest.period_type
    and summed.scope = largest.scope
    and summed.period_start = largest.period_start
