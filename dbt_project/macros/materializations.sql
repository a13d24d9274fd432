{#- How a model becomes a relation. Belongs here: tables and views, replaced in place in one step,
    as a whole or by days of KPIs. Does not belong here: the incremental tables, which are dbt's own.

    dbt's way (build beside, rename twice, drop the old one afterwards) takes nine statements a
    model, and each of them a file and a dozen events; without hooks, grants, indexes and foreign
    keys, which no model here has, one will do. -#}

{% materialization table, adapter='duckdb' %}
  {%- set target = this.incorporate(type='table') -%}
  {{ _make_way(target) }}
  {%- if config.get('contract').enforced -%}
    {{ _replace_declared(target) }}
    {{ adapter.commit() }}
  {%- else -%}
    {{ _execute('create or replace table ' ~ target ~ ' as (' ~ compiled_code ~ '\n)', in_transaction=False) }}
  {%- endif -%}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
  {%- set target = this.incorporate(type='view') -%}
  {{ _make_way(target) }}
  {{ _execute('create or replace view ' ~ target ~ ' as (' ~ compiled_code ~ '\n)', in_transaction=False) }}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}

{#- A table whose rows belong to days of KPIs: those of the days that int_kpi_days__changed names are
    replaced, the others stand. Where it names no days, the whole table is made anew. -#}
{% materialization kpi_by_day, adapter='duckdb' %}
  {%- set target = this.incorporate(type='table') -%}
  {%- set existing = load_cached_relation(this) -%}
  {%- set changed = ref('int_kpi_days__changed') -%}
  {%- if is_every_day(days_changed(changed)) -%}
    {{ _make_way(target) }}
    {{ _replace_declared(target) }}
  {%- elif existing is none or existing.type != target.type or should_full_refresh() -%}
    {{ exceptions.raise_compiler_error('Build ' ~ changed.identifier ~ ' before ' ~ this.identifier ~ ': it names some days only.') }}
  {%- else -%}
    {%- set is_changed -%}
      exists (
        select 1 from {{ changed }} as changed
        where changed.kpi_id = observations.kpi_id and changed.observed_on = observations.observed_on
      )
    {%- endset -%}
    {{ _execute('delete from ' ~ target ~ ' as observations where ' ~ is_changed) }}
    {{ _execute('insert into ' ~ target ~ ' by name ' ~ compiled_code) }}
  {%- endif -%}
  {{ adapter.commit() }}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}

{#- A table cannot replace a view of its name, nor a view a table. -#}
{% macro _make_way(target) -%}
  {%- set existing = load_cached_relation(this) -%}
  {%- if existing is not none and existing.type != target.type -%}
    {{ adapter.drop_relation(existing) }}
  {%- endif -%}
{%- endmacro %}

{#- A table whose columns and types are declared takes two statements. -#}
{% macro _replace_declared(target) -%}
  {{ _execute('drop table if exists ' ~ target) }}
  {{ _execute(create_table_as(False, target, compiled_code)) }}
{%- endmacro %}

{#- The last statement that a materialization executes is its result. -#}
{% macro _execute(sql, in_transaction=True) -%}
  {%- set response, nothing = adapter.execute(sql, auto_begin=in_transaction) -%}
  {%- do store_result('main', response=response, agate_table=nothing) -%}
{%- endmacro %}
