-- Values: every dimension and period -------------------------------------------------------------
create table kpi as
select * from (values
  ('partner_influenced_pipeline', 'share', true, ['month', 'quarter', 'year']),
  ('partner_win_rate', 'ratio', false, ['month', 'quarter', 'year']),
  ('joint_deal_velocity', 'median', false, ['month', 'quarter', 'year']),
  ('time_to_activation', 'median', false, ['week', 'month', 'quarter', 'year']),
  ('nps_integration', 'score', false, ['quarter', 'year']),
  ('integration_uptime', 'ratio', false, ['day', 'week', 'month', 'quarter', 'year']),
  ('active_partner_rate', 'ratio', true, ['month', 'quarter', 'year']),
  ('partner_health_score', 'ratio', true, ['month', 'quarter', 'year'])
) as t(kpi_id, kind, is_balance, periods);

-- The days whose observations count in a period: of a balance only the last one.
create table counting_day as
select *
from (
  select kpi_id, observed_on, kind, is_balance, period_type,
    cast(date_trunc(period_type, observed_on) as date) as period_start
  from (select distinct kpi_id, observed_on from observation) join kpi using (kpi_id),
    unnest(periods) as t(period_type)
  where period_type <> 'day' or observed_on > (select as_of from setting) - 400
)
qualify not is_balance or observed_on = max(observed_on) over (partition by kpi_id, period_type, period_start);

create table kpi_value as
with placed as (
  select kpi_id, 'programme' as dimension, 'all' as member, entity, observed_on, numerator, denominator
  from observation
  union all
  select kpi_id, dimension, member, entity, observed_on, numerator, denominator
  from observation as o
  join (unpivot (select *, partner_id as partner from partner_span) on partner, tier, partner_type, region into name dimension value member) as p
    on o.partner_id = p.partner_id and o.observed_on >= p.since and o.observed_on < p.until
),
once as (
  select kpi_id, dimension, member, entity, observed_on, max(numerator) as numerator, max(denominator) as denominator
  from placed group by all
),
summed as (
  select kpi_id, dimension, member, kind, period_type, period_start, count(*) as observations,
    sum(numerator) as numerator, sum(denominator) as denominator, median(numerator) filter (kind = 'median') as middle
  from once join counting_day using (kpi_id, observed_on)
  group by all
)
select kpi_id, s.dimension, s.member, period_type, period_start, s.observations,
  case s.kind
    when 'median' then s.middle
    when 'score' then 100 * s.numerator / s.denominator
    when 'share' then s.numerator / p.denominator
    else s.numerator / s.denominator
  end::double as value
from summed as s
join summed as p using (kpi_id, period_type, period_start)
where p.dimension = 'programme'
order by all;

copy kpi_value to '{out}' (format parquet);
