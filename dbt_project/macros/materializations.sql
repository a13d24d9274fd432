{#- How a model becomes a relation. Belongs here: tables and views, replaced in place inside one
    transaction, as a whole or KPI by KPI. Does not belong here: the incremental tables, which are dbt's own.

    dbt's way (build beside, rename twice, drop the old one afterwards) takes nine statements a
    model; without hooks, grants, indexes and foreign keys, which no model here has, two will do. -#}

{% materialization table, adapter='duckdb' %}
  {%- set target = this.incorporate(type='table') -%}
  {{ _drop_what_stands_there(target) }}
  {%- call statement('main') -%}
    {{ create_table_as(False, target, compiled_code) }}
  {%- endcall -%}
  {{ adapter.commit() }}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
  {%- set target = this.incorporate(type='view') -%}
  {{ _drop_what_stands_there(target) }}
  {%- call statement('main') -%}
    {{ create_view_as(target, compiled_code) }}
  {%- endcall -%}
  {{ adapter.commit() }}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}

{#- A table whose rows belong to KPIs: those of the KPIs that control.kpis_reached names are replaced, the
    others stand. Where it names all, the whole table is made anew. -#}
{% materialization kpi_by_kpi, adapter='duckdb' %}
  {%- set target = this.incorporate(type='table') -%}
  {%- set existing = load_cached_relation(this) -%}
  {%- set listed = source('control', 'kpis_reached') -%}
  {%- set anew = kpis_reached(listed) -%}
  {%- if existing is none or should_full_refresh() or anew | length == config.require('kpi_count') -%}
    {{ _drop_what_stands_there(target) }}
    {%- call statement('main') -%}
      {{ create_table_as(False, target, compiled_code) }}
    {%- endcall -%}
  {%- else -%}
    {%- call statement('forget', fetch_result=False) -%}
      delete from {{ target.render() }} where kpi_id in (select kpi_id from {{ listed }})
    {%- endcall -%}
    {%- call statement('main') -%}
      insert into {{ target.render() }} by name {{ compiled_code }}
    {%- endcall -%}
  {%- endif -%}
  {{ adapter.commit() }}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% macro _drop_what_stands_there(target) -%}
  {%- set existing = load_cached_relation(this) -%}
  {%- if existing is not none -%}
    {%- call statement('drop', fetch_result=False) -%}
      drop {{ existing.type }} if exists {{ target.render() }}
    {%- endcall -%}
  {%- endif -%}
{%- endmacro %}
