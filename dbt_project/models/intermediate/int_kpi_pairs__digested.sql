-- Each pair of KPI and span with observations, and one number for all that its sums are made of. The
-- sums of a pair are computed anew when that number changes, and only then: where another business day
-- only makes a span longer by days without observations, they stand.
with definitions as (
  select
    definitions.kpi_id,
    definitions.is_balance,
    rhythms.position as rhythm_position
  from {{ source('control', 'kpi_definitions') }} as definitions
  inner join ({{ period_types() }}) as rhythms on definitions.rhythm = rhythms.period_type
)

select
  days.kpi_id,
  spans.period_type,
  spans.scope,
  spans.period_start,
  spans.last_day,
  cast({{ rows_digest(['days.observed_on', 'days.day_digest']) }} % 1000000000000000000 as bigint) as pair_digest
from {{ ref('int_kpi_days__digested') }} as days
inner join definitions on days.kpi_id = definitions.kpi_id
inner join {{ ref('int_kpi_spans__listed') }} as spans
  on
    definitions.rhythm_position <= spans.position
    and days.observed_on >= spans.period_start
    and days.observed_on <= spans.last_day
-- A balance is what the last day of a whole period shows.
where not definitions.is_balance or (spans.scope = 'whole' and days.observed_on = spans.last_day)
group by days.kpi_id, spans.period_type, spans.scope, spans.period_start, spans.last_day
