{#- The one shape of a row of entity_sources: which file row stands behind an observed thing.
    Belongs here: names, order, defaults. Does not belong here: which rows stand behind which thing. -#}

{#- entity_type, source and entity are plain words; the others are SQL expressions. `alias` is the lake
    relation that the row comes from. first_day and last_day bound the days of observation that it
    stands behind; null means all. -#}
{% macro evidence_row(
  entity_type, entity_id, source, entity, primary_key, alias,
  first_day='cast(null as date)', last_day='cast(null as date)'
) -%}
  '{{ entity_type }}' as entity_type,
  {{ entity_id }} as entity_id,
  '{{ source }}' as source,
  '{{ entity }}' as entity,
  {{ primary_key }} as primary_key,
  {{ row_reference(alias) }},
  1 as row_count,
  {{ first_day }} as first_day,
  {{ last_day }} as last_day
{%- endmacro %}
