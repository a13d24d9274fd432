-- The days of KPIs on which other things are observed now than kpi_observations holds: one row per KPI
-- and day, whether things came, went or changed. A KPI without a day has all of its days made anew,
-- whatever the table holds. Only KPIs that the news of a run can have reached are compared
-- (control.kpis_reached): by their observations, those of use by what these are made of.
{#- What only one of two branches reads is named before them, so that dbt sees it whichever it takes. -#}
{%- set settings, definitions = ref('int_run_settings__derived'), source('control', 'kpi_definitions') -%}
{%- set usage_days = ref('int_usage_days__digested') -%}
{%- set kpis, days, kept = listed_kpis(), days_compared(), kept_observations() -%}
{%- set kept_usage, of_use = kept_usage_days(), "('" ~ kpis_of_use() | join("', '") ~ "')" -%}
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
  where
    kpi_id in (select kpi_id from {{ source('control', 'kpis_reached') }})
    and kpi_id not in {{ of_use }}
  group by kpi_id, observed_on
),

used as (
  select
    coalesce(usage_days.day, kept.day) as day
  from {{ usage_days }} as usage_days
  full join
    {% if kept_usage is none %}(select * from {{ usage_days }} where false){% else %}{{ kept_usage }}{% endif %} as kept
    on usage_days.day = kept.day
  where usage_days.day_digest is distinct from kept.day_digest
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
union all
select
  reached.kpi_id,
  used.day as observed_on
from {{ source('control', 'kpis_reached') }} as reached
cross join used
where reached.kpi_id in {{ of_use }}
{%- endif %}
