-- Every value of every KPI, dimension, member and period. Made in int_kpi_spans__valued.
select
  kpi_id,
  dimension,
  member,
  period_type,
  period_start,
  period_end,
  is_complete,
  numerator,
  denominator,
  value,
  sample_size,
  reason
from {{ ref('int_kpi_spans__valued') }}
where scope = 'whole'
