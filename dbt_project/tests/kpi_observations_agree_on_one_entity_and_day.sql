-- Rows of one entity and day carry the same numbers, whichever partner they count for: all of them
-- meet in the programme, where they count once. The days that stand were found to agree before. Most
-- things have one row: those with more are looked for by one number for each, and only they are compared.
{%- set changed = ref('int_kpi_days__changed') %}
{%- set keys = ['observations.kpi_id', 'observations.entity_type', 'observations.entity_id', 'observations.observed_on'] %}
{%- set number = row_digest(keys) %}
{%- set is_new -%}
  (
    observations.kpi_id in (select kpi_id from {{ changed }} where observed_on is null)
    or exists (
      select 1 from {{ changed }} as changed
      where
        observations.kpi_id = changed.kpi_id
        and observations.observed_on = changed.observed_on
    )
  )
{%- endset %}

with repeated as (
  select {{ number }} as thing_number
  from {{ ref('kpi_observations') }} as observations
  where {{ is_new }}
  group by {{ number }}
  having count(*) > 1
)

select {{ keys | join(', ') }}
from {{ ref('kpi_observations') }} as observations
where
  {{ number }} in (select thing_number from repeated)
  and {{ is_new }}
group by {{ keys | join(', ') }}
having
  min(observations.numerator) <> max(observations.numerator)
  or min(observations.denominator) <> max(observations.denominator)
