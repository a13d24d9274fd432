{#- Calendar arithmetic of reporting periods (day, week, month, quarter, year), one macro each.
    Belongs here: what is true of any date. Does not belong here: as_of, rhythms, balances. -#}

{% macro period_types() -%}
  select 'day' as period_type, 1 as position
  union all
  select 'week' as period_type, 2 as position
  union all
  select 'month' as period_type, 3 as position
  union all
  select 'quarter' as period_type, 4 as position
  union all
  select 'year' as period_type, 5 as position
{%- endmacro %}

{#- The first day of the period that contains a day; weeks are ISO weeks. -#}
{% macro period_start_of(period_type, day) -%}
  cast(case {{ period_type }}
    when 'day' then {{ day }}
    {% for part in ['week', 'month', 'quarter', 'year'] -%}
    when '{{ part }}' then cast({{ dbt.date_trunc(part, day) }} as date)
    {% endfor -%}
  end as date)
{%- endmacro %}

{#- The first day of the period that lies `periods` periods later (earlier: negative). -#}
{% macro period_after(period_type, period_start, periods) -%}
  cast(case {{ period_type }}
    when 'day' then {{ period_start }} + ({{ periods }}) * interval '1' day
    when 'week' then {{ period_start }} + ({{ periods }}) * interval '7' day
    when 'month' then {{ period_start }} + ({{ periods }}) * interval '1' month
    when 'quarter' then {{ period_start }} + ({{ periods }}) * interval '3' month
    when 'year' then {{ period_start }} + ({{ periods }}) * interval '1' year
  end as date)
{%- endmacro %}

{#- The same period a year earlier; for weeks the one 52 weeks earlier. -#}
{% macro period_year_ago(period_type, period_start) -%}
  cast(case {{ period_type }}
    when 'week' then {{ period_start }} - interval '364' day
    else {{ period_start }} - interval '1' year
  end as date)
{%- endmacro %}

{#- True on the first day on which the day's period observes a thing that was observed before on
    `before_on` (null: never). -#}
{% macro is_first_in(period_type, before_on, day='observed_on') -%}
  {%- if period_type == 'day' -%}
    true
  {%- else -%}
    ({{ before_on }} is null or {{ before_on }} < cast({{ dbt.date_trunc(period_type, day) }} as date))
  {%- endif -%}
{%- endmacro %}
