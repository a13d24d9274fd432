-- The attributes of each partner by day: a version holds from the local day of its updated_at; the
-- first one also before. Rows without a stamp are older than stamped ones and count only where a
-- partner has no stamped row.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

versions as (
  {{ known_versions(ref('stg_prm__partners')) }}
),

dated as (
  select
    versions.*,
    {{ local_date('versions._modified_at') }} as stamped_on
  from versions
  cross join settings
),

-- The last version of a day holds at its end; unstamped versions share the day "null".
of_days as (
  select *
  from dated
  qualify
    row_number() over (
      partition by partner_id, stamped_on
      order by {{ version_order('dated') }}
    ) = 1
),

ordered as (
  select
    *,
    row_number() over (partition by partner_id order by stamped_on asc nulls last) as position,
    lead(stamped_on) over (partition by partner_id order by stamped_on asc nulls last) as next_on
  from of_days
)

select
  partner_id,
  case when position = 1 then cast('0001-01-01' as date) else stamped_on end as valid_from,
  next_on as valid_to,
  coalesce(tier, 'unknown') as tier,
  coalesce(partner_type, 'unknown') as partner_type,
  coalesce(region, 'unknown') as region
from ordered
where position = 1 or stamped_on is not null
