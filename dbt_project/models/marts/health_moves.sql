-- What would move a partner's health score: for each component that is measured, how much of it would
-- lift the score into the next band while all others stay as they are, and whether the partners of the
-- tier achieve that much (the 90th percentile of those measured). A change is the smaller the less of
-- the way to that percentile it takes. Partners in the best band, or without a score, have no row.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

-- A measure counts events (activity, marketing), certified of required people, pipeline by the tier's
-- median, a share of minutes, or points of NPS. `quantity = measure * factor` is what people count.
components as (
  select
    *,
    case when hundred_at > zero_at then 1 else -1 end as better,
    case component
      when 'pipeline' then cast(whole as double) / 2000000
      when 'certification' then cast(whole as double)
      else 1
    end as factor,
    case component
      when 'pipeline' then cast(parts as double) / 2000000
      when 'certification' then cast(parts as double)
      else measure
    end as quantity,
    case component
      when 'pipeline' then 'money'
      when 'certification' then 'people'
      when 'reliability' then 'percent'
      when 'satisfaction' then 'score'
      else 'count'
    end as unit,
    sum(contribution) over (partition by partner_id, period_start) as total
  from {{ ref('int_health_months__picked') }}
  where contribution is not null and weight > 0
),

bests as (
  select
    tier,
    period_start,
    component,
    max(better) * percentile_disc(0.9) within group (order by measure * better asc) as best
  from components
  group by tier, period_start, component
),

gaps as (
  select
    components.*,
    case when components.total < settings.health_watch_from then 'watch' else 'healthy' end as next_band,
    case
      when components.total < settings.health_watch_from then settings.health_watch_from
      else settings.health_healthy_from
    end - components.total as points_missing
  from components
  cross join settings
  where components.total < settings.health_healthy_from
),

wanted as (
  select
    gaps.*,
    bests.best,
    gaps.score + gaps.points_missing * 100 / gaps.weight as wanted_score,
    cast(gaps.zero_at as double)
    + (cast(gaps.score as double) + cast(gaps.points_missing as double) * 100 / cast(gaps.weight as double)) / 100
    * cast(gaps.hundred_at - gaps.zero_at as double) as wanted_measure
  from gaps
  inner join bests
    on
      gaps.tier = bests.tier
      and gaps.period_start = bests.period_start
      and gaps.component = bests.component
),

-- What is counted moves in whole steps; the tiny allowance keeps an exact hit from becoming one more.
stepped as (
  select
    *,
    case
      when unit in ('percent', 'score') then wanted_measure * factor
      when better = 1 then ceil(wanted_measure * factor - 1e-6)
      else floor(wanted_measure * factor + 1e-6)
    end as needed
  from wanted
),

judged as (
  select
    *,
    wanted_score <= 100 and needed * better <= best * factor * better + 1e-9 as is_reachable,
    (needed - quantity) / nullif(best * factor - quantity, 0) as share_of_way
  from stepped
),

ranked as (
  select
    *,
    case when is_reachable then coalesce(share_of_way, 0) end as effort
  from judged
)

select
  partner_id,
  period_start,
  component,
  next_band,
  cast(points_missing as decimal(28, 9)) as points_missing,
  quantity,
  needed,
  best * factor as best,
  unit,
  is_reachable,
  effort,
  case
    when is_reachable then row_number() over (
      partition by partner_id, period_start, is_reachable
      order by effort asc, component asc
    )
  end as rank
from ranked
