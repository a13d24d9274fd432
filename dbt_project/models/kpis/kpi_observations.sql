-- The observations of every KPI (macros/listed_kpis.sql). An observation counts from its day to as_of.
-- A build makes only the days anew of which it observes other things (int_kpi_days__changed); the rows
-- of all others stand.
{{ config(materialized='kpi_by_day') }}
{%- set changed = ref('int_kpi_days__changed') -%}
{%- set days = days_changed(changed) %}

with observations as (
  {{- observations_of(listed_kpis(), days, changed) }}
)

select
  observations.kpi_id,
  observations.observed_on,
  observations.partner_id,
  observations.entity_type,
  observations.entity_id,
  observations.numerator,
  observations.denominator
from observations
cross join {{ ref('int_run_settings__derived') }} as settings
where observations.observed_on <= settings.as_of
