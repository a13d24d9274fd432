{#- The pairs of KPI and span whose sums the build before left, with the digest of what they were made
    of. It reads the table that int_kpi_spans__summed is about to replace: no `ref`, which would be a
    circle. Nothing is kept by a full refresh. -#}
{% macro kept_pairs() -%}
  {%- set kept = none -%}
  {%- if execute and not flags.FULL_REFRESH -%}
    {%- set kept = adapter.get_relation(this.database, this.schema, 'int_kpi_spans__summed') -%}
  {%- endif -%}
  {%- if kept is not none -%}
    select distinct kpi_id, period_type, scope, period_start, pair_digest from {{ kept }}
  {%- else -%}
    select
      cast(null as {{ dbt.type_string() }}) as kpi_id,
      cast(null as {{ dbt.type_string() }}) as period_type,
      cast(null as {{ dbt.type_string() }}) as scope,
      cast(null as date) as period_start,
      cast(null as bigint) as pair_digest
    where false
  {%- endif -%}
{%- endmacro %}

{#- Forget the sums of pairs that are gone, were made of something else, or are about to be made anew
    (again, when a build in between made only some of the tables). -#}
{% macro delete_outdated_pairs(digested, changed) -%}
  {%- set kept_pair -%}
    pairs.kpi_id = kept.kpi_id
    and pairs.period_type = kept.period_type
    and pairs.scope = kept.scope
    and pairs.period_start = kept.period_start
    and pairs.pair_digest = kept.pair_digest
  {%- endset -%}
  {%- if is_incremental() %}
    delete from {{ this }} as kept
    where
      not exists (select 1 from {{ digested }} as pairs where {{ kept_pair }})
      or exists (select 1 from {{ changed }} as pairs where {{ kept_pair }})
  {%- endif %}
{%- endmacro %}
