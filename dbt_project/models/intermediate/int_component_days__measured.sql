-- Microseconds of maintenance, and of outage outside maintenance, per component and local day that
-- has any.
with windows as (
  select * from {{ ref('int_status_windows__merged') }}
),

-- The merged windows of one kind don't overlap each other, so their overlaps with the other kind
-- add up exactly.
pieces as (
  select page_id, component, kind as piece, from_at, to_at
  from windows
  union all
  select
    outages.page_id,
    outages.component,
    'both' as piece,
    greatest(outages.from_at, maintenances.from_at) as from_at,
    least(outages.to_at, maintenances.to_at) as to_at
  from windows as outages
  inner join windows as maintenances
    on
      outages.page_id = maintenances.page_id
      and outages.component = maintenances.component
      and outages.from_at < maintenances.to_at
      and maintenances.from_at < outages.to_at
  where outages.kind = 'outage' and maintenances.kind = 'maintenance'
),

by_day as (
  select
    pieces.page_id,
    pieces.component,
    pieces.piece,
    calendar.day,
    {{ microseconds_between(
      'greatest(pieces.from_at, calendar.starts_at)', 'least(pieces.to_at, calendar.ends_at)'
    ) }} as microseconds
  from pieces
  inner join {{ ref('int_calendar__derived') }} as calendar
    on
      pieces.from_at < calendar.ends_at
      and pieces.to_at > calendar.starts_at
)

select
  page_id,
  component,
  day,
  cast(coalesce(sum(case when piece = 'maintenance' then microseconds end), 0) as bigint) as maintenance_microseconds,
  cast(
    coalesce(sum(case when piece = 'outage' then microseconds when piece = 'both' then -microseconds end), 0)
    as bigint
  ) as down_microseconds
from by_day
group by page_id, component, day
