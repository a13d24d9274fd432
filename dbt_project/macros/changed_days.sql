{#- Which days of which KPIs are observed anew. Belongs here: reading what the pipeline says before a
    build (control.kpis_reached), the table that stands, and int_kpi_days__changed. -#}

{#- The observations that the build before left, to be compared with; none where they must all be made
    anew. It reads the table that kpi_observations is about to change: no `ref`, which would be a
    circle. -#}
{% macro kept_observations() -%}
  {%- set whole = "select kpi_id from " ~ source('control', 'kpis_reached') ~ " where is_whole" -%}
  {%- if execute and not flags.FULL_REFRESH and not _column(whole) -%}
    {%- set kept = adapter.get_relation(this.database, this.schema, 'kpi_observations') -%}
    {{ return(kept if kept is not none and kept.type == 'table' else none) }}
  {%- endif -%}
  {{ return(none) }}
{%- endmacro %}

{#- The KPIs that are made of spells of use and of nothing else. They observe each thing on each of many
    days: what is in use on a day is compared instead (int_usage_days__digested), which is far less. -#}
{% macro kpis_of_use() -%}
  {{ return(['active_integrations', 'usage_depth']) }}
{%- endmacro %}

{#- What was in use on each day when the observations were written that stand; none where nobody noted
    it. No `ref`, which would be a circle. -#}
{% macro kept_usage_days() -%}
  {{ return(adapter.get_relation(this.database, this.schema, 'int_usage_days__observed') if execute else none) }}
{%- endmacro %}

{#- The KPIs that the news of a run can have reached and whose observations are compared, each with all
    of its days. -#}
{% macro days_compared() -%}
  {%- set days = {} -%}
  {%- for kpi_id in _column("select kpi_id from " ~ source('control', 'kpis_reached')) if kpi_id not in kpis_of_use() -%}
    {%- do days.update({kpi_id: [none]}) -%}
  {%- endfor -%}
  {{ return(days) }}
{%- endmacro %}

{#- KPI -> the days on which other things are observed than before, as texts; [none] stands for all. -#}
{% macro days_changed(changed) -%}
  {%- set days = {} -%}
  {%- if execute -%}
    {%- for row in run_query("select kpi_id, observed_on from " ~ changed ~ " order by 1, 2").rows -%}
      {%- do days.setdefault(row[0], []).append(none if row[1] is none else row[1] | string) -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(days) }}
{%- endmacro %}

{#- What KPIs observe on the days that are given for them; `changed` is the relation of these days. -#}
{% macro observations_of(kpis, days, changed=none) -%}
  {%- for kpi in kpis if kpi.identifier[4:] in days %}
  select * from {{ kpi }}
  {%- if not is_every_day(days) %}
  where {{ _is_one_of(days[kpi.identifier[4:]], changed, kpi.identifier[4:]) }}
  {%- endif %}
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- else %}
  select * from {{ kpis[0] }}
  where false
  {%- endfor %}
{%- endmacro %}

{#- Whether all days of all KPIs are meant. -#}
{% macro is_every_day(days) -%}
  {{ return(days.values() | select('equalto', [none]) | list | length > 0) }}
{%- endmacro %}

{#- A few days are written out as constants, so that a KPI's model passes over what it is not asked for. -#}
{% macro _is_one_of(days, changed, kpi_id) -%}
  {%- if days | length <= 40 -%}
    observed_on in ({% for day in days %}cast('{{ day }}' as date){% if not loop.last %}, {% endif %}{% endfor %})
  {%- else -%}
    observed_on in (select changed.observed_on from {{ changed }} as changed where changed.kpi_id = '{{ kpi_id }}')
  {%- endif -%}
{%- endmacro %}

{% macro _column(sql) -%}
  {{ return(run_query(sql).columns[0].values() | list if execute else []) }}
{%- endmacro %}
