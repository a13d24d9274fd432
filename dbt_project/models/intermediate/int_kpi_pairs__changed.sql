-- The pairs of KPI and span whose sums must be computed anew: those of which the build before made none,
-- or made them of something else.
with kept as (
  {{ kept_pairs() }}
)

select
  pairs.kpi_id,
  pairs.period_type,
  pairs.scope,
  pairs.period_start,
  pairs.last_day,
  pairs.pair_digest
from {{ ref('int_kpi_pairs__digested') }} as pairs
left join kept
  on
    pairs.kpi_id = kept.kpi_id
    and pairs.period_type = kept.period_type
    and pairs.scope = kept.scope
    and pairs.period_start = kept.period_start
    and pairs.pair_digest = kept.pair_digest
where kept.kpi_id is null
