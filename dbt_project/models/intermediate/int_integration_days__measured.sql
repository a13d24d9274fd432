-- Up time of each integration and local day up to as_of: microseconds it had to be up (outside its
-- component's maintenance) and the share it was, told by probes, else by its status page, else by an
-- Upptime summary. A day that nobody watched, or that is all maintenance, has no row.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

pages as (
  select * from {{ ref('int_integration_pages__picked') }}
),

probes as (
  select
    integration_id,
    probe_day as day,
    sum(probes) as probes,
    sum(probes_up) as probes_up
  from {{ ref('int_daily_probes__aggregated') }}
  group by integration_id, probe_day
),

watched as (
  select
    pages.integration_id,
    calendar.day
  from pages
  inner join {{ ref('int_calendar__derived') }} as calendar on calendar.day >= pages.watched_from
  where pages.page_id is not null
),

-- Where several pages are landed and none is named, nothing but probes counts.
upptime as (
  select upptime_days.*
  from {{ ref('int_upptime_days__measured') }} as upptime_days
  left join pages on upptime_days.integration_id = pages.integration_id
  where not coalesce(pages.is_ambiguous, false)
),

days as (
  select integration_id, day from watched
  union
  select integration_id, day from probes
  union
  select integration_id, day from upptime
),

measured as (
  select
    days.integration_id,
    days.day,
    {{ microseconds_between('calendar.starts_at', 'calendar.ends_at') }}
    - coalesce(component_days.maintenance_microseconds, 0) as due_microseconds,
    coalesce(component_days.down_microseconds, 0) as down_microseconds,
    case
      when coalesce(component_days.maintenance_microseconds, 0) > 0 then coalesce(outside.probes, 0)
      else coalesce(probes.probes, 0)
    end as probes,
    case
      when coalesce(component_days.maintenance_microseconds, 0) > 0 then coalesce(outside.probes_up, 0)
      else coalesce(probes.probes_up, 0)
    end as probes_up,
    watched.day is not null as is_watched,
    -- Nine places of a minute are whole nanoseconds.
    cast(upptime.minutes_down * 60000000000 as bigint) as upptime_down_nanoseconds
  from days
  inner join {{ ref('int_calendar__derived') }} as calendar on days.day = calendar.day
  left join pages on days.integration_id = pages.integration_id
  left join {{ ref('int_component_days__measured') }} as component_days
    on
      pages.page_id = component_days.page_id
      and pages.component = component_days.component
      and days.day = component_days.day
  left join probes on days.integration_id = probes.integration_id and days.day = probes.day
  left join {{ ref('int_maintenance_probes__counted') }} as outside
    on days.integration_id = outside.integration_id and days.day = outside.day
  left join watched on days.integration_id = watched.integration_id and days.day = watched.day
  left join upptime on days.integration_id = upptime.integration_id and days.day = upptime.day
)

select
  integration_id,
  day,
  due_microseconds,
  case when probes > 0 then 'probe' when is_watched then 'status_page' else 'upptime' end as evidence,
  -- Up time is due_microseconds * up_parts / all_parts.
  cast(case
    when probes > 0 then probes_up
    when is_watched then due_microseconds - down_microseconds
    else greatest(0, due_microseconds * 1000 - upptime_down_nanoseconds)
  end as bigint) as up_parts,
  cast(case
    when probes > 0 then probes
    when is_watched then due_microseconds
    else due_microseconds * 1000
  end as bigint) as all_parts
from measured
where
  due_microseconds > 0
  and (probes > 0 or is_watched or upptime_down_nanoseconds is not null)
