-- The roll-up, written once for every kind of KPI: the value of each member in each span from its
-- first observation to as_of, or the reason why there is none. The programme has at least the period
-- of as_of and the one before.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

definitions as (
  select
    definitions.*,
    rhythms.position as rhythm_position
  from {{ source('control', 'kpi_definitions') }} as definitions
  inner join ({{ period_types() }}) as rhythms on definitions.rhythm = rhythms.period_type
),

sums as (
  select * from {{ ref('int_kpi_spans__summed') }}
),

observed as (
  select * from {{ ref('int_kpi_members__begun') }}
),

members as (
  select
    dimensions.kpi_id,
    dimensions.dimension,
    observed.member,
    observed.first_on
  from {{ source('control', 'kpi_dimensions') }} as dimensions
  inner join observed
    on
      dimensions.kpi_id = observed.kpi_id
      and dimensions.dimension = observed.dimension
  where dimensions.dimension <> 'programme'
  union all
  select
    dimensions.kpi_id,
    dimensions.dimension,
    'all' as member,
    coalesce(observed.first_on, settings.as_of) as first_on
  from {{ source('control', 'kpi_dimensions') }} as dimensions
  cross join settings
  left join observed
    on
      dimensions.kpi_id = observed.kpi_id
      and dimensions.dimension = observed.dimension
  where dimensions.dimension = 'programme'
),

spans as (
  select
    spans.*,
    {{ period_after('spans.period_type', period_start_of('spans.period_type', 'settings.as_of'), -1) }} as previous_start
  from {{ ref('int_kpi_spans__listed') }} as spans
  cross join settings
),

rows_due as (
  select
    members.kpi_id,
    members.dimension,
    members.member,
    definitions.kind,
    definitions.sample_basis,
    definitions.value_factor,
    spans.period_type,
    spans.scope,
    spans.period_start,
    spans.period_end,
    spans.is_complete
  from members
  inner join definitions on members.kpi_id = definitions.kpi_id
  inner join spans on definitions.rhythm_position <= spans.position
  where
    (
      -- A member has values from the period of its first observation on, and so far in all of it.
      members.first_on < spans.period_end
      or (members.dimension = 'programme' and spans.period_start >= spans.previous_start)
    )
    and (not definitions.is_balance or spans.scope = 'whole')
),

joined as (
  select
    rows_due.*,
    coverage.is_met,
    coverage.is_covered,
    coverage.is_ended,
    coalesce(sums.observations, 0) as observations,
    sums.numerator as own_numerator,
    sums.denominator as own_denominator,
    coalesce(sums.entities, 0) as entities,
    coalesce(sums.entities_with_denominator, 0) as entities_with_denominator,
    sums.middle_sum,
    sums.middle_count,
    sums.top3_numerator,
    sums.partners_numerator,
    coalesce(sums.partners_with_numerator, 0) as partners_with_numerator,
    coalesce(programme.observations, 0) as programme_observations,
    programme.denominator as programme_denominator,
    coalesce(programme.entities_with_denominator, 0) as programme_entities
  from rows_due
  inner join {{ ref('int_kpi_coverage__derived') }} as coverage
    on
      rows_due.kpi_id = coverage.kpi_id
      and rows_due.period_type = coverage.period_type
      and rows_due.scope = coverage.scope
      and rows_due.period_start = coverage.period_start
  left join sums
    on
      rows_due.kpi_id = sums.kpi_id
      and rows_due.dimension = sums.dimension
      and rows_due.member = sums.member
      and rows_due.period_type = sums.period_type
      and rows_due.scope = sums.scope
      and rows_due.period_start = sums.period_start
  left join sums as programme
    on
      rows_due.kpi_id = programme.kpi_id
      and programme.dimension = 'programme'
      and rows_due.period_type = programme.period_type
      and rows_due.scope = programme.scope
      and rows_due.period_start = programme.period_start
),

-- An empty period is 0 only where the sources say so; a ratio or median never is.
added as (
  select
    *,
    case
      when not is_met then null
      when observations > 0 then
        case kind
          when 'distinct' then cast(entities as decimal(38, 9))
          when 'median' then cast(middle_sum * cast(case when middle_count = 2 then 0.5 else 1 end as decimal(2, 1)) as decimal(38, 9))
          when 'top3' then top3_numerator
          else own_numerator
        end
      when not is_covered then null
      when kind in ('total', 'distinct') then cast(0 as decimal(38, 9))
      when kind = 'share' and programme_denominator > 0 then cast(0 as decimal(38, 9))
    end as numerator,
    case
      when not is_met then null
      when kind = 'ratio' then own_denominator
      when kind = 'share' then programme_denominator
      when kind = 'top3' then partners_numerator
    end as denominator
  from joined
),

divided as (
  select
    *,
    case
      when kind in ('ratio', 'share', 'top3')
        then cast(numerator * value_factor as double) / nullif(cast(denominator as double), 0)
      when kind = 'median' and observations > 0 and is_met
        then cast(middle_sum as double) / cast(middle_count as double)
      else cast(numerator as double)
    end as value,
    case
      when not is_met then 0
      when sample_basis = 'denominator' then cast(round(coalesce(denominator, 0), 0) as bigint)
      when kind = 'share' then programme_entities
      when kind = 'ratio' then entities_with_denominator
      when kind = 'top3' then partners_with_numerator
      else entities
    end as sample_size
  from added
)

select
  kpi_id,
  dimension,
  member,
  period_type,
  scope,
  period_start,
  period_end,
  is_complete,
  numerator,
  denominator,
  value,
  cast(sample_size as bigint) as sample_size,
  case
    when not is_met then 'source_missing'
    when value is not null then null
    when observations > 0 then 'no_denominator'
    when is_ended and not is_covered then 'source_stale'
    when kind = 'share' and programme_observations > 0 and programme_denominator <= 0 then 'no_denominator'
    else 'no_observations'
  end as reason
from divided
