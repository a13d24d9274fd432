{#- The one shape of every KPI: its columns and their types (kpis.md, "One shape for every KPI").
    Belongs here: names, types, rounding. Does not belong here: any KPI's meaning. -#}

{#- Each argument is an SQL expression; entity_type is a plain word. Numerator and denominator are
    rounded half-up to 9 places here, once, where the observation is made. -#}
{% macro kpi_observation_columns(
  kpi_id, observed_on, partner_id, entity_type, entity_id, numerator, denominator
) -%}
  cast('{{ kpi_id }}' as {{ dbt.type_string() }}) as kpi_id,
  cast({{ observed_on }} as date) as observed_on,
  cast({{ partner_id }} as {{ dbt.type_string() }}) as partner_id,
  cast('{{ entity_type }}' as {{ dbt.type_string() }}) as entity_type,
  cast({{ entity_id }} as {{ dbt.type_string() }}) as entity_id,
  cast({{ numerator }} as decimal(28, 9)) as numerator,
  cast({{ denominator }} as decimal(28, 9)) as denominator
{%- endmacro %}
