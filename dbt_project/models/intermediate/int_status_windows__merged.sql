-- When each component of each status page was in maintenance or out of order: windows that don't
-- overlap, [from_at, to_at). Outages are incidents of impact minor, major or critical.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

items as (
  select
    coalesce(nullif(trim(page_id), ''), 'default') as page_id,
    'outage' as kind,
    coalesce(started_at, created_at) as from_at,
    -- Open ones, and those that end after as_of, last until as_of's end.
    least(resolved_at, settings.as_of_ends_at) as to_at,
    components
  from {{ ref('int_incidents__resolved') }}
  cross join settings
  where impact in ('minor', 'major', 'critical')
  union all
  select
    coalesce(nullif(trim(page_id), ''), 'default') as page_id,
    'maintenance' as kind,
    scheduled_for as from_at,
    scheduled_until as to_at,
    components
  from {{ ref('int_maintenances__resolved') }}
  where scheduled_until is not null
),

windows as (
  select
    page_id,
    item as component,
    kind,
    from_at,
    to_at
  from ({{ json_texts_of('items', 'components', ['page_id', 'kind', 'from_at', 'to_at']) }}) as listed
  where from_at < to_at
),

-- A window that begins after all earlier ones have ended begins a new merged one.
reached as (
  select
    *,
    max(to_at) over (
      partition by page_id, component, kind
      order by from_at asc, to_at asc
      rows between unbounded preceding and 1 preceding
    ) as reached_at
  from windows
),

numbered as (
  select
    *,
    sum(case when from_at <= reached_at then 0 else 1 end) over (
      partition by page_id, component, kind
      order by from_at asc, to_at asc
      rows between unbounded preceding and current row
    ) as window_number
  from reached
)

select
  page_id,
  component,
  kind,
  min(from_at) as from_at,
  max(to_at) as to_at
from numbered
group by page_id, component, kind, window_number
