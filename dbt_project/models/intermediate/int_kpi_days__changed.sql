-- The days of KPIs on which other things are observed now than kpi_observations holds: one row per KPI
-- and day, whether things came, went or changed. A KPI without a day has all of its days made anew,
-- whatever the table holds. Only KPIs that the news of a run can have reached are compared
-- (control.kpis_reached). Nothing is remembered for it: what stands is looked at itself.
{#- What only one of two branches reads is named before them, so that dbt sees it whichever it takes. -#}
{%- set settings, definitions = ref('int_run_settings__derived'), source('control', 'kpi_definitions') -%}
{%- set kpis, days, kept = listed_kpis(), days_compared(), kept_observations() -%}
{%- set digest = rows_digest(['entity_type', 'entity_id', 'partner_id', 'numerator', 'denominator']) %}

{% if kept is none -%}
select
  kpi_id,
  cast(null as date) as observed_on
from {{ definitions }}
{%- else -%}
with observations as (
  {{- observations_of(kpis, days) }}
),

observed as (
  select
    observations.kpi_id,
    observations.observed_on,
    {{ digest }} as day_digest
  from observations
  cross join {{ settings }} as settings
  where observations.observed_on <= settings.as_of
  group by observations.kpi_id, observations.observed_on
),

kept as (
  select
    kpi_id,
    observed_on,
    {{ digest }} as day_digest
  from {{ kept }}
  where kpi_id in (select kpi_id from {{ source('control', 'kpis_reached') }})
  group by kpi_id, observed_on
)

select
  coalesce(observed.kpi_id, kept.kpi_id) as kpi_id,
  coalesce(observed.observed_on, kept.observed_on) as observed_on
from observed
full join kept
  on
    observed.kpi_id = kept.kpi_id
    and observed.observed_on = kept.observed_on
where observed.day_digest is distinct from kept.day_digest
{%- endif %}
