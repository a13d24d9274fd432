-- What the observations of a member add up to in a span: exact decimal sums, distinct entities, the
-- exact median, and for top3 the largest partners. Only spans with observations have a row. Nothing
-- is divided or judged here.
with numbered_members as (
  select * from {{ ref('int_kpi_members__numbered') }}
),

numbered_spans as (
  select
    *,
    row_number() over (order by period_type asc, scope asc, period_start asc) as span_number
  from {{ ref('int_kpi_spans__listed') }}
),

observed as (
  select
    members.member_number,
    numbered_members.kind,
    numbered_members.is_balance,
    numbered_members.rhythm_position,
    members.entity_number,
    members.observed_on,
    members.numerator,
    members.denominator
  from {{ ref('int_kpi_members__observed') }} as members
  inner join numbered_members on members.member_number = numbered_members.member_number
),

span_days as (
  select distinct observed_on from observed
),

-- A day belongs to one whole period of each type, and to at most one `so_far` span of each.
placed_days as (
  select
    span_days.observed_on,
    numbered_spans.span_number,
    numbered_spans.position,
    -- A balance is what the last day of a whole period shows.
    numbered_spans.scope = 'whole' and span_days.observed_on = numbered_spans.last_day as is_balance_day
  from span_days
  inner join numbered_spans
    on
      numbered_spans.period_start = {{ period_start_of('numbered_spans.period_type', 'span_days.observed_on') }}
      and span_days.observed_on <= numbered_spans.last_day
),

placed as (
  select
    observed.member_number,
    placed_days.span_number,
    observed.entity_number,
    observed.kind,
    observed.observed_on,
    observed.numerator,
    observed.denominator
  from observed
  inner join placed_days
    on
      observed.observed_on = placed_days.observed_on
      and placed_days.position >= observed.rhythm_position
  where not observed.is_balance or placed_days.is_balance_day
),

by_entity as (
  select
    member_number,
    span_number,
    entity_number,
    count(*) as observations,
    cast(sum(numerator) as decimal(38, 9)) as numerator,
    cast(sum(denominator) as decimal(38, 9)) as denominator,
    max(case when denominator <> 0 then 1 else 0 end) as has_denominator
  from placed
  group by member_number, span_number, entity_number
),

summed_numbers as (
  select
    member_number,
    span_number,
    sum(observations) as observations,
    cast(sum(numerator) as decimal(38, 9)) as numerator,
    cast(sum(denominator) as decimal(38, 9)) as denominator,
    count(*) as entities,
    sum(has_denominator) as entities_with_denominator
  from by_entity
  group by member_number, span_number
),

-- The one or two middle observations; their mean is the interpolated median.
middles as (
  select
    member_number,
    span_number,
    count(*) % 2 as is_odd,
    percentile_disc(0.5) within group (order by numerator asc) as lower_middle,
    percentile_disc(0.5) within group (order by numerator desc) as upper_middle
  from placed
  where kind = 'median'
  group by member_number, span_number
),

medians as (
  select
    member_number,
    span_number,
    cast(
      case when is_odd = 1 then lower_middle else lower_middle + upper_middle end as decimal(38, 9)
    ) as middle_sum,
    2 - is_odd as middle_count
  from middles
),

summed as (
  select
    numbered_members.kpi_id,
    numbered_members.dimension,
    numbered_members.member,
    numbered_members.kind,
    numbered_spans.period_type,
    numbered_spans.scope,
    numbered_spans.period_start,
    cast(summed_numbers.observations as bigint) as observations,
    summed_numbers.numerator,
    summed_numbers.denominator,
    summed_numbers.entities,
    cast(summed_numbers.entities_with_denominator as bigint) as entities_with_denominator,
    medians.middle_sum,
    medians.middle_count
  from summed_numbers
  inner join numbered_members on summed_numbers.member_number = numbered_members.member_number
  inner join numbered_spans on summed_numbers.span_number = numbered_spans.span_number
  left join medians
    on
      summed_numbers.member_number = medians.member_number
      and summed_numbers.span_number = medians.span_number
),

ranked as (
  select
    summed.*,
    row_number() over (
      partition by summed.kpi_id, summed.period_type, summed.scope, summed.period_start
      order by summed.numerator desc, summed.member asc
    ) as position
  from summed
  where summed.kind = 'top3' and summed.dimension = 'partner'
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
  summed.middle_sum,
  summed.middle_count,
  largest.top3_numerator,
  largest.partners_numerator,
  largest.partners_with_numerator
from summed
left join largest
  on
    summed.kpi_id = largest.kpi_id
    and summed.dimension = 'programme'
    and summed.period_type = largest.period_type
    and summed.scope = largest.scope
    and summed.period_start = largest.period_start
