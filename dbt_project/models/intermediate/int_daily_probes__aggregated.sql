-- Probes by integration, local day and file, maintenance or not: one row each. Local days are those
-- of the reporting zone; a run recomputes those that overlap the UTC days its new files touch.
-- Days with maintenance are counted again from single probes (int_maintenance_probes__counted): so a
-- maintenance that becomes known later never makes a stored day wrong.
{{ config(
  materialized='incremental',
  incremental_strategy='delete+insert',
  unique_key='probe_day',
  on_schema_change='fail',
  pre_hook="{% if is_incremental() %}delete from {{ this }} where probe_day in ({{ touched_local_days('sla', 'probe') }}){% endif %}"
) }}

with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

dated as (
  select
    probes.integration_id,
    probes.checked_at,
    probes.is_up,
    {{ local_date('probes.checked_at') }} as probe_day,
    {{ lineage_columns() }}
  from {{ ref('stg_sla__probes') }} as probes
  cross join settings
  cross join {{ source('control', 'knowledge') }} as knowledge
  where
    probes._loaded_at <= knowledge.known_at
    {% if is_incremental() -%}
    -- A touched UTC day overlaps two local days, which overlap its neighbours.
    and cast(probes.checked_at as date) in (
      select {{ add_days('touched.day', 'around.days') }}
      from {{ source('control', 'touched_days') }} as touched
      cross join (select -1 as days union all select 0 as days union all select 1 as days) as around
      where touched.source = 'sla' and touched.entity = 'probe'
    )
    {%- endif %}
),

probes as (
  select * from dated
  {% if is_incremental() -%}
  where probe_day in ({{ touched_local_days('sla', 'probe') }})
  {%- endif %}
  qualify
    row_number() over (
      partition by integration_id, checked_at
      order by {{ version_order('dated') }}
    ) = 1
)

select
  integration_id,
  _file_name as file_name,
  _file_sha256 as file_sha256,
  count(*) as probes,
  count(case when is_up then 1 end) as probes_up,
  probe_day
from probes
group by integration_id, _file_name, _file_sha256, probe_day
