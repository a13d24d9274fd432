-- The objectives and how far their key results have come: for each KPI, dimension and member with a
-- target that names an objective, the way from the baseline to the target in force that the last
-- complete period has made. It works in either direction; without a baseline only reached or unknown.
with judged as (
  select
    scorecard.*,
    definitions.rhythm,
    kpi_values.is_complete
  from {{ ref('kpi_scorecard') }} as scorecard
  inner join {{ source('control', 'kpi_definitions') }} as definitions
    on
      scorecard.kpi_id = definitions.kpi_id
      and scorecard.period_type = definitions.rhythm
  inner join {{ ref('kpi_values') }} as kpi_values
    on
      scorecard.kpi_id = kpi_values.kpi_id
      and scorecard.dimension = kpi_values.dimension
      and scorecard.member = kpi_values.member
      and scorecard.period_type = kpi_values.period_type
      and scorecard.period_start = kpi_values.period_start
  where scorecard.objective is not null
),

newest as (
  select *
  from judged
  where is_complete
  qualify
    row_number() over (
      partition by kpi_id, dimension, member
      order by period_start desc
    ) = 1
)

select
  objective,
  kpi_id,
  dimension,
  member,
  period_type,
  period_start,
  baseline,
  target,
  value,
  case
    when value is null then null
    when baseline is null or baseline = target then case when status = 'on_target' then 1.0 end
    else greatest(0, least(1, (value - cast(baseline as double)) / cast(target - baseline as double)))
  end as progress,
  status
from newest
