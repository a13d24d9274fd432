{#- What DuckDB alone can do, one macro each: another engine replaces this file and nothing else.
    Belongs here: time zones, JSON lists, epoch arithmetic, exact division, series of days and numbers, rows as values,
    windows that pass over nulls.
    Does not belong here: anything that dbt has a cross-database macro for. -#}

{#- D(t): the date of a UTC timestamp in the reporting zone. -#}
{% macro local_date(at, zone='settings.reporting_timezone') -%}
  cast((({{ at }}) at time zone 'UTC') at time zone {{ zone }} as date)
{%- endmacro %}

{#- The UTC timestamp at which a date begins in the reporting zone. -#}
{% macro local_day_starts_at(day, zone='settings.reporting_timezone') -%}
  ((cast({{ day }} as timestamp) at time zone {{ zone }}) at time zone 'UTC')
{%- endmacro %}

{#- Whole days after (or before) a date, as a date. -#}
{% macro add_days(day, days) -%}
  cast({{ day }} + ({{ days }}) * interval '1' day as date)
{%- endmacro %}

{% macro epoch_microseconds(at) -%}epoch_us({{ at }}){%- endmacro %}

{#- Elapsed microseconds, a whole number. -#}
{% macro microseconds_between(from_at, to_at) -%}
  (epoch_us({{ to_at }}) - epoch_us({{ from_at }}))
{%- endmacro %}

{#- Every day from first_day to last_day of each row of a relation, as column `day`. -#}
{% macro days_of(relation, first_day, last_day, columns=[]) -%}
  select
    {% for column in columns %}{{ column }}, {% endfor -%}
    cast(unnest(generate_series(
      cast({{ first_day }} as timestamp), cast({{ last_day }} as timestamp), interval '1' day
    )) as date) as day
  from {{ relation }}
{%- endmacro %}

{#- Every whole number from first_number to last_number of each row of a relation, as column `name`. -#}
{% macro numbers_of(relation, first_number, last_number, name, columns=[]) -%}
  select
    {% for column in columns %}{{ column }}, {% endfor -%}
    unnest(generate_series({{ first_number }}, {{ last_number }})) as {{ name }}
  from {{ relation }}
{%- endmacro %}

{#- The texts of a JSON list, one row each, as column `item`; null, [] and malformed lists have none. -#}
{% macro json_texts_of(relation, json_column, columns) -%}
  select
    {% for column in columns %}{{ column }}, {% endfor -%}
    trim(unnest(from_json(
      case when json_valid({{ json_column }}) then {{ json_column }} else '[]' end, '["VARCHAR"]'
    ))) as item
  from {{ relation }}
  where {{ json_column }} is not null
{%- endmacro %}

{#- The host of a web address without `www.`, in small letters; null for what is no web address (no
    dot, blanks, an e-mail address). Scheme, port, path and query do not matter. -#}
{% macro web_domain(address) -%}
  nullif(regexp_extract(
    lower(trim({{ address }})),
    '^(?:[a-z][a-z0-9+.-]*://)?(?:www\.)?([^/?#:@|\s.]+(?:\.[^/?#:@|\s.]+)+)\.?(?:[/?#:].*)?$', 1
  ), '')
{%- endmacro %}

{#- Columns of a row as one value that compares by them in their order: its min() is the first row. -#}
{% macro row_value(columns) -%}
  struct_pack({% for column in columns %}{{ column }} := {{ column }}{% if not loop.last %}, {% endif %}{% endfor %})
{%- endmacro %}

{#- The last value before this row that is not null; `over` a window follows it. -#}
{% macro lag_ignoring_nulls(value) -%}
  lag({{ value }} ignore nulls)
{%- endmacro %}

{#- A decimal as a whole number of its ninth decimal places. -#}
{% macro billionths(value) -%}
  cast(cast({{ value }} as decimal(28, 9)) * 1000000000 as hugeint)
{%- endmacro %}

{#- A decimal as a whole number of its sixth decimal places: money, which has no more. -#}
{% macro millionths(value) -%}
  cast(cast({{ value }} as decimal(38, 6)) * 1000000 as hugeint)
{%- endmacro %}

{#- numerator / denominator, both whole numbers, denominator > 0, as a whole number rounded half-up
    (away from zero). `is_negative` tells when the numerator is below 0: `//` cuts towards 0. -#}
{% macro whole_quotient(numerator, denominator, is_negative) -%}
  (
    (
      2 * cast({{ numerator }} as hugeint)
      + case when {{ is_negative }} then -({{ denominator }}) else {{ denominator }} end
    ) // (2 * cast({{ denominator }} as hugeint))
  )
{%- endmacro %}

{#- numerator / denominator, both whole numbers and not below 0, cut to a whole number. -#}
{% macro whole_part(numerator, denominator) -%}
  (cast({{ numerator }} as hugeint) // cast({{ denominator }} as hugeint))
{%- endmacro %}

{#- An amount of money as a whole number of cents, rounded half-up (away from zero). -#}
{% macro whole_cents(amount) -%}
  cast(round({{ amount }}, 2) * 100 as hugeint)
{%- endmacro %}

{#- A whole number of cents as money. -#}
{% macro money_of_cents(cents) -%}
  cast(cast({{ cents }} as decimal(26, 0)) * cast(0.01 as decimal(2, 2)) as decimal(28, 9))
{%- endmacro %}

{#- numerator / denominator (whole numbers, denominator > 0), rounded half-up to 9 places without any
    floating point; null where the numbers are too large. `is_negative` as above. -#}
{% macro divide_half_up(numerator, denominator, is_negative='false') -%}
  try(cast(
    cast({{ whole_quotient('cast(' ~ numerator ~ ' as hugeint) * 1000000000', denominator, is_negative) }}
      as decimal(38, 0)) * cast(0.000000001 as decimal(9, 9)) as decimal(28, 9)
  ))
{%- endmacro %}

{#- An amount in the reporting currency, rounded half-up to 6 places: amount / from_rate * to_rate,
    both in units per euro. Null where a rate is missing or the numbers are too large. -#}
{% macro converted_amount(amount, from_rate, to_rate) -%}
  case
    when {{ from_rate }} = {{ to_rate }}
      then cast(cast({{ amount }} as decimal(28, 6)) as decimal(28, 9))
    else try(cast(
      cast({{ whole_quotient(
        billionths(amount) ~ ' * ' ~ billionths(to_rate),
        '(' ~ billionths(from_rate) ~ ' * 1000)',
        amount ~ ' < 0'
      ) }} as decimal(38, 0)) * cast(0.000001 as decimal(6, 6)) as decimal(28, 9)
    ))
  end
{%- endmacro %}

{#- True for moments of the UTC days touched since the last build. Their range is written out as
    constants, by which files and groups of rows of other days are passed over unread. -#}
{% macro is_touched(at, source_name, entity) -%}
  {%- set touched -%}
    from {{ source('control', 'touched_days') }}
    where source = '{{ source_name }}' and entity = '{{ entity }}'
  {%- endset -%}
  {%- set days = run_query('select min(day), max(day) ' ~ touched).rows[0] if execute else [none, none] -%}
  {%- if days[0] is none -%}
    false
  {%- else -%}
    {{ at }} >= cast('{{ days[0] }}' as timestamp)
    and {{ at }} < cast('{{ days[1] }}' as timestamp) + interval '1' day
    and cast({{ at }} as date) in (select day {{ touched }})
  {%- endif -%}
{%- endmacro %}

{#- The local days that overlap the UTC days touched since the last build, as a subquery. -#}
{% macro touched_local_days(source_name, entity) -%}
  select {{ local_date('cast(touched.day as timestamp)', 'zone.reporting_timezone') }}
  from {{ source('control', 'touched_days') }} as touched
  cross join {{ source('control', 'run_settings') }} as zone
  where touched.source = '{{ source_name }}' and touched.entity = '{{ entity }}'
  union
  select {{ local_date("touched.day + interval '1' day - interval '1' microsecond", 'zone.reporting_timezone') }}
  from {{ source('control', 'touched_days') }} as touched
  cross join {{ source('control', 'run_settings') }} as zone
  where touched.source = '{{ source_name }}' and touched.entity = '{{ entity }}'
{%- endmacro %}

{#- A number that stands for the values of a row, and one that stands for any order of many rows. The
    hash of several columns combines theirs by exclusive or, so that two rows which swap a value might
    have the same sum: it is hashed again. -#}
{% macro row_digest(columns) -%}cast(hash(hash({{ columns | join(', ') }})) as hugeint){%- endmacro %}
{% macro rows_digest(columns) -%}sum({{ row_digest(columns) }}){%- endmacro %}
