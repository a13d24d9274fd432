-- Minutes down of each integration whose component is the slug of a landed Upptime summary, for every
-- day from its first listed one (or its release) to as_of; days that are not listed had none.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

listed as (
  select * from {{ ref('int_upptime_days__resolved') }}
),

slugs as (
  select
    trim(slug) as slug,
    min(day) as first_day
  from listed
  group by trim(slug)
),

minutes as (
  select
    trim(slug) as slug,
    day,
    sum(minutes_down) as minutes_down
  from listed
  group by trim(slug), day
)

select
  integrations.integration_id,
  calendar.day,
  coalesce(minutes.minutes_down, 0) as minutes_down
from {{ ref('int_integrations__resolved') }} as integrations
inner join slugs on trim(integrations.component) = slugs.slug
inner join {{ ref('int_calendar__derived') }} as calendar
  on calendar.day >= greatest(slugs.first_day, integrations.released_on)
left join minutes
  on
    slugs.slug = minutes.slug
    and calendar.day = minutes.day
