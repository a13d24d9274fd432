{#- Which version of a row counts, and what was known when. Belongs here: the version order and
    the knowledge filter. Does not belong here: what a deleted row means (that is each model's). -#}

{#- Newest first. A stamped row is newer than one without; export dates are compared only between
    rows without a stamp, landing order only between rows with neither. Equal versions fall to the
    larger content hash; the rest only makes the order total. -#}
{% macro version_order(alias, before_hash=[]) -%}
  {{ alias }}._modified_at desc nulls last,
  case when {{ alias }}._modified_at is null then {{ alias }}._export_date end desc nulls last,
  case
    when {{ alias }}._modified_at is null and {{ alias }}._export_date is null
      then {{ alias }}._landed_seq
  end desc nulls last,
  {% for column in before_hash -%}
  {{ alias }}.{{ column }} desc nulls last,
  {% endfor -%}
  {{ alias }}._row_sha desc nulls last,
  {{ alias }}._loaded_at desc nulls last,
  {{ alias }}._file_sha256 desc nulls last,
  {{ alias }}._row_number desc nulls last
{%- endmacro %}

{#- Every version loaded until known_at. The knowledge time stands apart from the other settings: it
    moves with every run, and what it lets through is the same until something has been landed. -#}
{% macro known_versions(relation) -%}
  select versions.*
  from {{ relation }} as versions
  cross join {{ source('control', 'knowledge') }} as knowledge
  where versions._loaded_at <= knowledge.known_at
{%- endmacro %}

{#- The newest version of each row, as known at known_at. `key` lists the primary key's columns. -#}
{% macro latest_version(relation, key) -%}
  {{ known_versions(relation) }}
  qualify
    row_number() over (
      partition by {{ key | join(', ') }}
      order by {{ version_order('versions') }}
    ) = 1
{%- endmacro %}

{#- The columns that say where a row of the lake comes from and which version it is. -#}
{% macro lineage_columns() -%}
  _file_sha256,
  _file_name,
  _row_number,
  _loaded_at,
  _modified_at,
  _export_date,
  _landed_seq,
  _row_sha
{%- endmacro %}

{#- The same where several relations are joined. -#}
{% macro lineage_columns_of(alias) -%}
  {{ alias }}._file_sha256,
  {{ alias }}._file_name,
  {{ alias }}._row_number,
  {{ alias }}._loaded_at,
  {{ alias }}._modified_at,
  {{ alias }}._export_date,
  {{ alias }}._landed_seq,
  {{ alias }}._row_sha
{%- endmacro %}

{#- A lake row as evidence: its file, its line and when its version was made. -#}
{% macro row_reference(alias) -%}
  {{ alias }}._file_name as file_name,
  {{ alias }}._file_sha256 as file_sha256,
  {{ alias }}._row_number as row_number,
  coalesce({{ alias }}._modified_at, cast({{ alias }}._export_date as timestamp)) as version_at
{%- endmacro %}
