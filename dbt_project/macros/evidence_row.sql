{#- The one shape of a row of entity_sources: which file row stands behind an observed thing.
    Belongs here: names, order, types, defaults. Does not belong here: which rows stand behind which
    thing (models/marts/entity_sources). -#}

{#- entity_type, source and entity are plain words; the others are SQL expressions. `alias` is the lake
    relation that the row comes from. first_day and last_day bound the days of observation that it
    stands behind; null means all. -#}
{% macro evidence_row(
  entity_type, entity_id, source, entity, primary_key, alias, first_day=none, last_day=none
) -%}
  '{{ entity_type }}' as entity_type,
  {{ entity_id }} as entity_id,
  '{{ source }}' as source,
  '{{ entity }}' as entity,
  {{ primary_key }} as primary_key,
  {{ row_reference(alias) }},
  cast(1 as {{ dbt.type_bigint() }}) as row_count,
  {{ evidence_days(first_day, last_day) }}
{%- endmacro %}

{#- The same for a relation that names each row's source, entity and primary_key itself, and has the
    columns of a lake row as row_reference() names them. -#}
{% macro named_evidence_row(entity_type, entity_id, alias, first_day=none, last_day=none) -%}
  '{{ entity_type }}' as entity_type,
  {{ entity_id }} as entity_id,
  {{ alias }}.source,
  {{ alias }}.entity,
  {{ alias }}.primary_key,
  {{ alias }}.file_name,
  {{ alias }}.file_sha256,
  {{ alias }}.row_number,
  {{ alias }}.version_at,
  cast(1 as {{ dbt.type_bigint() }}) as row_count,
  {{ evidence_days(first_day, last_day) }}
{%- endmacro %}

{% macro evidence_days(first_day, last_day) -%}
  {{ first_day or 'cast(null as date)' }} as first_day,
  {{ last_day or 'cast(null as date)' }} as last_day
{%- endmacro %}
