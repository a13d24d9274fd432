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

{#- Probes are many: each reading below takes few columns. -#}
{%- set is_known -%}
  probes._loaded_at <= settings.known_at
  {%- if is_incremental() %}
  -- A touched UTC day overlaps two local days, which overlap its neighbours.
  and cast(probes.checked_at as date) in (
    select {{ add_days('touched.day', 'around.days') }}
    from {{ source('control', 'touched_days') }} as touched
    cross join (select -1 as days union all select 0 as days union all select 1 as days) as around
    where touched.source = 'sla' and touched.entity = 'probe'
  )
  {%- endif %}
{%- endset %}
{%- set is_repeated -%}
  probes.integration_id is not distinct from repeated.integration_id
  and probes.checked_at = repeated.checked_at
{%- endset %}

with settings as (
  select
    settings.*,
    knowledge.known_at
  from {{ ref('int_run_settings__derived') }} as settings
  cross join {{ source('control', 'knowledge') }} as knowledge
),

-- Repetitions are few, so only they are put in order.
repeated as (
  select
    probes.integration_id,
    probes.checked_at
  from {{ ref('stg_sla__probes') }} as probes
  cross join settings
  where {{ is_known }}
  group by probes.integration_id, probes.checked_at
  having count(*) > 1
),

latest_of_repeated as (
  select probes.*
  from {{ ref('stg_sla__probes') }} as probes
  cross join settings
  inner join repeated on {{ is_repeated }}
  where {{ is_known }}
  qualify
    row_number() over (
      partition by probes.integration_id, probes.checked_at
      order by {{ version_order('probes') }}
    ) = 1
),

checks as (
  select
    probes.integration_id,
    probes.checked_at,
    probes.is_up,
    probes._file_name as file_name,
    probes._file_sha256 as file_sha256
  from {{ ref('stg_sla__probes') }} as probes
  cross join settings
  left join repeated on {{ is_repeated }}
  where repeated.checked_at is null and {{ is_known }}
  union all
  select
    integration_id,
    checked_at,
    is_up,
    _file_name as file_name,
    _file_sha256 as file_sha256
  from latest_of_repeated
),

dated as (
  select
    checks.integration_id,
    checks.file_name,
    checks.file_sha256,
    checks.is_up,
    {{ local_date('checks.checked_at') }} as probe_day
  from checks
  cross join settings
)

select
  integration_id,
  file_name,
  file_sha256,
  count(*) as probes,
  count(case when is_up then 1 end) as probes_up,
  probe_day
from dated
{% if is_incremental() -%}
where probe_day in ({{ touched_local_days('sla', 'probe') }})
{% endif -%}
group by integration_id, file_name, file_sha256, probe_day
