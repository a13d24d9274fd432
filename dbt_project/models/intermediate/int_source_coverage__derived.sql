-- How far each contracted entity reaches: first and last local day on which something happened, and
-- whether it is landed, held or stale as of as_of. An entity that never goes stale is always fresh;
-- one whose contract dates nothing is a register, which speaks of every day.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

profile as (
  select
    profile.source,
    profile.entity,
    min({{ local_date('profile.first_at') }}) as first_day,
    max({{ local_date('profile.last_at') }}) as last_day
  from {{ source('control', 'entity_profile') }} as profile
  cross join settings
  group by profile.source, profile.entity
)

select
  entities.source,
  entities.entity,
  entities.is_landed,
  entities.is_held,
  entities.is_dated,
  profile.first_day,
  profile.last_day,
  entities.is_landed
  and entities.freshness_days is not null
  and (
    profile.last_day is null
    or {{ dbt.datediff('profile.last_day', 'settings.as_of', 'day') }} > entities.freshness_days
  ) as is_stale
from {{ source('control', 'entities') }} as entities
cross join settings
left join profile
  on
    entities.source = profile.source
    and entities.entity = profile.entity
