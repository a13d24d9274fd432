{#- How a model becomes a relation. Belongs here: tables and views, replaced in place inside one
    transaction. Does not belong here: the incremental tables, which are dbt's own.

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

{% macro _drop_what_stands_there(target) -%}
  {%- set existing = load_cached_relation(this) -%}
  {%- if existing is not none -%}
    {%- call statement('drop', fetch_result=False) -%}
      drop {{ existing.type }} if exists {{ target.render() }}
    {%- endcall -%}
  {%- endif -%}
{%- endmacro %}
