-- The probes outside maintenance on days that have maintenance, counted from single probes: one row
-- per integration and local day with maintenance. Read from the lake for those few days alone.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

maintained_days as (
  select
    pages.integration_id,
    pages.page_id,
    pages.component,
    days.day,
    calendar.starts_at,
    calendar.ends_at
  from {{ ref('int_integration_pages__picked') }} as pages
  inner join {{ ref('int_component_days__measured') }} as days
    on
      pages.page_id = days.page_id
      and pages.component = days.component
  inner join {{ ref('int_calendar__derived') }} as calendar on days.day = calendar.day
  where days.maintenance_microseconds > 0
),

-- A local day overlaps two or three UTC days; this is the day by which both sides are joined.
utc_days as (
  select
    maintained_days.*,
    {{ add_days('cast(maintained_days.starts_at as date)', 'around.days') }} as utc_day
  from maintained_days
  cross join (select 0 as days union all select 1 as days union all select 2 as days) as around
),

dated as (
  select
    utc_days.integration_id,
    utc_days.page_id,
    utc_days.component,
    utc_days.day,
    probes.checked_at,
    probes.is_up,
    {{ lineage_columns() }}
  from {{ ref('stg_sla__probes') }} as probes
  cross join settings
  cross join {{ source('control', 'knowledge') }} as knowledge
  inner join utc_days
    on
      probes.integration_id = utc_days.integration_id
      and cast(probes.checked_at as date) = utc_days.utc_day
      and probes.checked_at >= utc_days.starts_at
      and probes.checked_at < utc_days.ends_at
  where probes._loaded_at <= knowledge.known_at
),

probes as (
  select * from dated
  qualify
    row_number() over (
      partition by integration_id, checked_at
      order by {{ version_order('dated') }}
    ) = 1
),

-- Maintenance holds from its beginning up to, but not at, its end.
maintained as (
  select
    probes.integration_id,
    probes.checked_at
  from probes
  inner join {{ ref('int_status_windows__merged') }} as windows
    on
      probes.page_id = windows.page_id
      and probes.component = windows.component
      and probes.checked_at >= windows.from_at
      and probes.checked_at < windows.to_at
  where windows.kind = 'maintenance'
)

select
  probes.integration_id,
  probes.day,
  count(*) as probes,
  count(case when probes.is_up then 1 end) as probes_up
from probes
left join maintained
  on
    probes.integration_id = maintained.integration_id
    and probes.checked_at = maintained.checked_at
where maintained.integration_id is null
group by probes.integration_id, probes.day
