-- Each value beside its past and its target, judged: one row per row of kpi_values.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

valued as (
  select
    kpi_values.*,
    definitions.kind,
    definitions.direction,
    definitions.sample_basis,
    not definitions.is_balance and not kpi_values.is_complete as is_running,
    {{ period_after('kpi_values.period_type', 'kpi_values.period_start', -1) }} as previous_start,
    {{ period_year_ago('kpi_values.period_type', 'kpi_values.period_start') }} as year_ago_start
  from {{ ref('kpi_values') }} as kpi_values
  inner join {{ source('control', 'kpi_definitions') }} as definitions
    on kpi_values.kpi_id = definitions.kpi_id
),

so_far as (
  select * from {{ ref('int_kpi_spans__valued') }}
  where scope = 'so_far'
),

targets as (
  select
    *,
    lead(valid_from) over (
      partition by kpi_id, dimension, member order by valid_from asc
    ) as valid_to
  from {{ ref('int_targets__resolved') }}
),

compared as (
  select
    valued.*,
    -- A running flow is shown beside as many days of the previous period.
    case when valued.is_running then so_far.value else previous.value end as previous_value,
    year_ago.value as year_ago_value,
    targets.baseline,
    targets.target,
    targets.corridor_low,
    targets.corridor_high,
    targets.objective,
    coalesce(targets.corridor_low, targets.target) as low_bound,
    coalesce(targets.corridor_high, targets.target) as high_bound
  from valued
  left join so_far
    on
      valued.kpi_id = so_far.kpi_id
      and valued.dimension = so_far.dimension
      and valued.member = so_far.member
      and valued.period_type = so_far.period_type
      and valued.previous_start = so_far.period_start
  left join {{ ref('kpi_values') }} as previous
    on
      valued.kpi_id = previous.kpi_id
      and valued.dimension = previous.dimension
      and valued.member = previous.member
      and valued.period_type = previous.period_type
      and valued.previous_start = previous.period_start
  left join {{ ref('kpi_values') }} as year_ago
    on
      valued.kpi_id = year_ago.kpi_id
      and valued.dimension = year_ago.dimension
      and valued.member = year_ago.member
      and valued.period_type = year_ago.period_type
      and valued.year_ago_start = year_ago.period_start
  left join targets
    on
      valued.kpi_id = targets.kpi_id
      and valued.dimension = targets.dimension
      and valued.member = targets.member
      and targets.valid_from < valued.period_end
      and (targets.valid_to is null or targets.valid_to >= valued.period_end)
)

select
  compared.kpi_id,
  compared.dimension,
  compared.member,
  compared.period_type,
  compared.period_start,
  compared.value,
  compared.previous_value,
  compared.year_ago_value,
  compared.baseline,
  compared.target,
  compared.corridor_low,
  compared.corridor_high,
  case
    when compared.target is null then 'no_target'
    when compared.value is null then 'unknown'
    when
      compared.kind in ('ratio', 'share', 'median')
      and compared.sample_basis <> 'none'
      and not (compared.sample_basis = 'entities_of_groups' and compared.dimension = 'partner')
      and compared.sample_size < settings.min_sample
      then 'low_n'
    when compared.is_running then 'running'
    when compared.direction = 'higher' then
      case
        when compared.value >= cast(compared.target as double) then 'on_target'
        when compared.value >= cast(compared.low_bound as double) then 'watch'
        else 'breach'
      end
    when compared.direction = 'lower' then
      case
        when compared.value <= cast(compared.target as double) then 'on_target'
        when compared.value <= cast(compared.high_bound as double) then 'watch'
        else 'breach'
      end
    when
      compared.value >= cast(compared.low_bound as double)
      and compared.value <= cast(compared.high_bound as double)
      then 'on_target'
    -- The margin is computed on decimals: a tenth of the corridor's width.
    when
      compared.value
      >= cast(compared.low_bound - 0.1 * (compared.high_bound - compared.low_bound) as double)
      and compared.value
      <= cast(compared.high_bound + 0.1 * (compared.high_bound - compared.low_bound) as double)
      then 'watch'
    else 'breach'
  end as status,
  case
    when compared.value is null or compared.previous_value is null then null
    -- The tiny allowance keeps a change of exactly the policy's share flat in spite of binary
    -- fractions.
    when
      abs(compared.value - compared.previous_value)
      <= (cast(settings.trend_flat_share as double) + 1e-12) * abs(compared.previous_value)
      then 'flat'
    when compared.value > compared.previous_value then 'up'
    else 'down'
  end as trend,
  compared.objective
from compared
cross join settings
