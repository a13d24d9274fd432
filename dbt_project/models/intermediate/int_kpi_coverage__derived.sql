-- Whether a KPI's needs are met, cover a span, or ended before it and went stale: one row per KPI and
-- span. A need is met or covered by any one of its alternatives, an alternative by all its entities.
with alternatives as (
  select
    members.need,
    members.alternative,
    bool_and(coalesce(coverage.is_landed, false)) as is_met,
    bool_or(coverage.is_stale) as is_stale,
    bool_or(coverage.is_dated and coverage.first_day is null) as is_undated,
    max(coverage.first_day) as covers_from,
    min(coverage.last_day) as covers_to
  from {{ source('control', 'need_members') }} as members
  left join {{ ref('int_source_coverage__derived') }} as coverage
    on
      members.source = coverage.source
      and members.entity = coverage.entity
  group by members.need, members.alternative
),

spans as (
  select * from {{ ref('int_kpi_spans__listed') }}
),

by_alternative as (
  select
    alternatives.need,
    spans.period_type,
    spans.scope,
    spans.period_start,
    alternatives.is_met,
    alternatives.is_met and (
      -- The running period is covered while the source is fresh.
      (not spans.is_complete and not alternatives.is_stale)
      or coalesce(
        not alternatives.is_undated
        and spans.period_start >= coalesce(alternatives.covers_from, spans.period_start)
        and spans.period_start <= coalesce(alternatives.covers_to, spans.period_start),
        false
      )
    ) as is_covered,
    alternatives.is_met
    and alternatives.is_stale
    and coalesce(alternatives.covers_to < spans.period_start, alternatives.is_undated) as is_ended
  from alternatives
  cross join spans
),

by_need as (
  select
    need,
    period_type,
    scope,
    period_start,
    bool_or(is_met) as is_met,
    bool_or(is_covered) as is_covered,
    bool_or(is_ended) and not bool_or(is_covered) as is_ended
  from by_alternative
  group by need, period_type, scope, period_start
),

by_kpi as (
  select
    needs.kpi_id,
    by_need.period_type,
    by_need.scope,
    by_need.period_start,
    bool_and(by_need.is_met) as is_met,
    bool_and(by_need.is_covered) as is_covered,
    bool_or(by_need.is_ended) as is_ended
  from {{ source('control', 'kpi_needs') }} as needs
  inner join by_need on needs.need = by_need.need
  group by needs.kpi_id, by_need.period_type, by_need.scope, by_need.period_start
)

select
  definitions.kpi_id,
  spans.period_type,
  spans.scope,
  spans.period_start,
  coalesce(by_kpi.is_met, true) as is_met,
  coalesce(by_kpi.is_covered, true) as is_covered,
  coalesce(by_kpi.is_ended, false) as is_ended
from {{ source('control', 'kpi_definitions') }} as definitions
cross join spans
left join by_kpi
  on
    definitions.kpi_id = by_kpi.kpi_id
    and spans.period_type = by_kpi.period_type
    and spans.scope = by_kpi.scope
    and spans.period_start = by_kpi.period_start
