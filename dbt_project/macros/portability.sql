{#- dbt's cross-database macros where an engine's default would silently give other values.
    Belongs here: overrides of dbt's own macros. Does not belong here: what has no dbt macro at all
    (see engine.sql). -#}

{% macro default__safe_cast(field, type) %}try_cast({{ field }} as {{ type }}){% endmacro %}

{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
  timestampadd({{ datepart }}, {{ interval }}, {{ from_date_or_timestamp }})
{%- endmacro %}

{#- Boundary counts: Spark's own hours round up and its weeks differ. -#}
{% macro spark__datediff(first_date, second_date, datepart) -%}
  {%- if datepart == 'day' -%}
    datediff(cast({{ second_date }} as date), cast({{ first_date }} as date))
  {%- elif datepart == 'week' -%}
    cast(datediff(
      cast(date_trunc('week', {{ second_date }}) as date),
      cast(date_trunc('week', {{ first_date }}) as date)
    ) / 7 as int)
  {%- else -%}
    timestampdiff(
      {{ datepart }}, date_trunc('{{ datepart }}', {{ first_date }}),
      date_trunc('{{ datepart }}', {{ second_date }})
    )
  {%- endif -%}
{%- endmacro %}

{% macro spark__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
  listagg({{ measure }}, {{ delimiter_text }}) within group ({{ order_by_clause }})
{%- endmacro %}

{% macro spark__split_part(string_text, delimiter_text, part_number) -%}
  split_part({{ string_text }}, {{ delimiter_text }}, {{ part_number }})
{%- endmacro %}
