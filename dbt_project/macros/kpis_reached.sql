{#- Which KPIs the news of a run can have reached, as the pipeline says it before the build; without
    its word, all. Belongs here: reading that list. -#}

{#- The ids of the KPIs that are observed anew. -#}
{% macro kpis_reached(listed) -%}
  {%- set ids = [] -%}
  {%- if execute -%}
    {%- for row in run_query("select kpi_id from " ~ listed ~ " order by kpi_id").rows -%}
      {%- do ids.append(row[0]) -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(ids) }}
{%- endmacro %}
