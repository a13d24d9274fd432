-- One value per KPI, dimension, member and period, also on the scorecard.
with keys as (
  select 'kpi_values' as relation, kpi_id, dimension, member, period_type, period_start
  from {{ ref('kpi_values') }}
  union all
  select 'kpi_scorecard' as relation, kpi_id, dimension, member, period_type, period_start
  from {{ ref('kpi_scorecard') }}
)

select * from keys
group by relation, kpi_id, dimension, member, period_type, period_start
having count(*) > 1
