-- Every contracted entity: what of it is loaded, until when it tells, and how it stands.
with loaded as (
  select
    source,
    entity,
    max(loaded_at) as last_loaded_at,
    cast(sum(rows_accepted) as bigint) as rows_loaded
  from {{ source('control', 'landing_ledger') }}
  where status = 'loaded'
  group by source, entity
)

select
  coverage.source,
  coverage.entity,
  loaded.last_loaded_at,
  coverage.last_day as data_until,
  coalesce(loaded.rows_loaded, 0) as rows,
  case
    when coverage.is_held then 'held'
    when not coverage.is_landed then 'missing'
    when coverage.is_stale then 'stale'
    else 'fresh'
  end as status
from {{ ref('int_source_coverage__derived') }} as coverage
left join loaded
  on
    coverage.source = loaded.source
    and coverage.entity = loaded.entity
