-- What the observations of a member add up to in a span: exact decimal sums, distinct entities, the
-- exact median, and for top3 the largest partners. Only spans with observations have a row. Nothing
-- is divided or judged here. A run computes only the pairs of KPI and span anew whose observations
-- have changed (int_kpi_pairs__changed); `pair_digest` says what a row was made of.
{{ config(
  materialized='incremental',
  incremental_strategy='append',
  on_schema_change='fail',
  pre_hook="{{ delete_outdated_pairs(ref('int_kpi_pairs__digested'), ref('int_kpi_pairs__changed')) }}"
) }}
-- depends_on: {{ ref('int_kpi_pairs__digested') }} {{ ref('int_kpi_pairs__changed') }}

with numbered_members as (
  select * from {{ ref('int_kpi_members__numbered') }}
),

spans as (
  select
    pairs.kpi_id,
    pairs.pair_digest,
    listed.period_type,
    listed.scope,
    listed.period_start,
    listed.last_day,
    row_number() over (
      order by pairs.kpi_id asc, listed.period_type asc, listed.scope asc, listed.period_start asc
    ) as span_number
  from {{ ref('int_kpi_pairs__changed') }} as pairs
  inner join {{ ref('int_kpi_spans__listed') }} as listed
    on
      pairs.period_type = listed.period_type
      and pairs.scope = listed.scope
      and pairs.period_start = listed.period_start
),

members as (
  select
    members.*,
    numbered_members.kpi_id,
    numbered_members.kind,
    numbered_members.is_balance
  from {{ ref('int_kpi_members__observed') }} as members
  inner join numbered_members on members.member_number = numbered_members.member_number
),

-- Most things are observed on one day only; the others are few, with many days.
recurring as (
  select
    member_number,
    entity_number
  from members
  group by member_number, entity_number
  having count(*) > 1
),

-- When such a thing was last observed before, with a denominator and at all: it counts once a span, on
-- the first day on which the span observes it.
observed as (
  select
    members.*,
    lag(members.observed_on) over by_day as observed_before_on,
    {{ lag_ignoring_nulls('case when members.denominator <> 0 then members.observed_on end') }} over by_day
      as denominator_before_on
  from members
  inner join recurring
    on
      members.member_number = recurring.member_number
      and members.entity_number = recurring.entity_number
  window
    by_day as (
      partition by members.member_number, members.entity_number
      order by members.observed_on asc
    )
),

{% set types = ['day', 'week', 'month', 'quarter', 'year'] -%}
-- The sums of a day, and how many things are observed for the first time in the day's period.
day_sums as (
  select
    member_number,
    kpi_id,
    is_balance,
    observed_on,
    count(*) as observations,
    sum(numerator) as numerator,
    sum(denominator) as denominator
    {%- for type in types %},
    count(case when {{ is_first_in(type, 'observed_before_on') }} then 1 end) as entities_of_{{ type }},
    count(case when denominator <> 0 and {{ is_first_in(type, 'denominator_before_on') }} then 1 end)
      as denominators_of_{{ type }}
    {%- endfor %}
  from observed
  group by member_number, kpi_id, is_balance, observed_on
  union all
  select
    members.member_number,
    members.kpi_id,
    members.is_balance,
    members.observed_on,
    count(*) as observations,
    sum(members.numerator) as numerator,
    sum(members.denominator) as denominator
    {%- for type in types %},
    count(*) as entities_of_{{ type }},
    count(case when members.denominator <> 0 then 1 end) as denominators_of_{{ type }}
    {%- endfor %}
  from members
  left join recurring
    on
      members.member_number = recurring.member_number
      and members.entity_number = recurring.entity_number
  where recurring.member_number is null
  group by members.member_number, members.kpi_id, members.is_balance, members.observed_on
  union all
  select
    balances.member_number,
    numbered_members.kpi_id,
    numbered_members.is_balance,
    balances.observed_on,
    balances.observations,
    balances.numerator,
    balances.denominator
    {%- for type in types %},
    balances.observations as entities_of_{{ type }},
    balances.denominators as denominators_of_{{ type }}
    {%- endfor %}
  from {{ ref('int_kpi_members__balanced') }} as balances
  inner join numbered_members on balances.member_number = numbered_members.member_number
),

placed_days as (
  select
    day_sums.*,
    spans.span_number,
    spans.period_type
  from day_sums
  inner join spans
    on
      day_sums.kpi_id = spans.kpi_id
      and day_sums.observed_on >= spans.period_start
      and day_sums.observed_on <= spans.last_day
  -- A balance is what the last day of a whole period shows.
  where not day_sums.is_balance or day_sums.observed_on = spans.last_day
),

summed_numbers as (
  select
    member_number,
    span_number,
    sum(observations) as observations,
    cast(sum(numerator) as decimal(38, 9)) as numerator,
    cast(sum(denominator) as decimal(38, 9)) as denominator,
    sum(case
      when is_balance then observations
      {%- for type in types %}
      when period_type = '{{ type }}' then entities_of_{{ type }}
      {%- endfor %}
    end) as entities,
    sum(case
      when is_balance then denominators_of_day
      {%- for type in types %}
      when period_type = '{{ type }}' then denominators_of_{{ type }}
      {%- endfor %}
    end) as entities_with_denominator
  from placed_days
  group by member_number, span_number
),

placed_medians as (
  select
    members.member_number,
    spans.span_number,
    members.numerator
  from members
  inner join spans
    on
      members.kpi_id = spans.kpi_id
      and members.observed_on >= spans.period_start
      and members.observed_on <= spans.last_day
  where
    members.kind = 'median'
    and (not members.is_balance or members.observed_on = spans.last_day)
),

-- The one or two middle observations; their mean is the interpolated median.
middles as (
  select
    member_number,
    span_number,
    count(*) % 2 as is_odd,
    percentile_disc(0.5) within group (order by numerator asc) as lower_middle,
    percentile_disc(0.5) within group (order by numerator desc) as upper_middle
  from placed_medians
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
    spans.period_type,
    spans.scope,
    spans.period_start,
    spans.pair_digest,
    cast(summed_numbers.observations as bigint) as observations,
    summed_numbers.numerator,
    summed_numbers.denominator,
    cast(summed_numbers.entities as bigint) as entities,
    cast(summed_numbers.entities_with_denominator as bigint) as entities_with_denominator,
    medians.middle_sum,
    medians.middle_count
  from summed_numbers
  inner join numbered_members on summed_numbers.member_number = numbered_members.member_number
  inner join spans on summed_numbers.span_number = spans.span_number
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
  largest.partners_with_numerator,
  summed.pair_digest
from summed
left join largest
  on
    summed.kpi_id = largest.kpi_id
    and summed.dimension = 'programme'
    and summed.period_type = largest.period_type
    and summed.scope = largest.scope
    and summed.period_start = largest.period_start
