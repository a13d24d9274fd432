-- Values: every dimension and period --------------------------------------------------------------
create table kpi_value as
with dated as (
  select partner_id, local_day(updated_at) as from_day, tier, partner_type, region
  from partner_versions
  qualify row_number() over (partition by partner_id, local_day(updated_at) order by updated_at desc) = 1
),
span as (
  select *, case when row_number() over w = 1 then date '0001-01-01' else from_day end as since,
    coalesce(lead(from_day) over w, date '9999-12-31') as until
  from dated window w as (partition by partner_id order by from_day)
),
placed as (
  select kpi_id, 'programme' as dimension, 'all' as member, entity, observed_on, numerator, denominator
  from observation
  union all
  select kpi_id, dimension, member, entity, observed_on, numerator, denominator
  from observation as o
  join (unpivot (select *, partner_id as partner from span) on partner, tier, partner_type, region into name dimension value member) as p
    on o.partner_id = p.partner_id and o.observed_on >= p.since and o.observed_on < p.until
),
once as (
  select kpi_id, dimension, member, entity, observed_on, max(numerator) as numerator, max(denominator) as denominator
  from placed group by all
),
periodic as (
  select kpi_id, dimension, member, entity, observed_on, numerator, denominator, period_type,
    cast(case period_type when 'day' then observed_on else date_trunc(period_type, observed_on) end as date) as period_start
  from once, unnest(case kpi_id
    when 'integration_uptime' then ['day', 'week', 'month', 'quarter', 'year']
    when 'time_to_activation' then ['week', 'month', 'quarter', 'year']
    else ['month', 'quarter', 'year'] end) as t(period_type)
  where period_type <> 'day' or observed_on > (select as_of from setting) - 400
),
-- The pipeline is a balance: only a period's last balance day counts.
counting as (
  select * from periodic
  qualify kpi_id <> 'partner_influenced_pipeline'
  or observed_on = max(observed_on) over (partition by kpi_id, period_type, period_start)
),
summed as (
  select kpi_id, dimension, member, period_type, period_start, count(*) as observations,
    sum(numerator) as numerator, sum(denominator) as denominator, median(numerator) filter (kpi_id = 'time_to_activation') as middle
  from counting group by all
)
select s.kpi_id, s.dimension, s.member, s.period_type, s.period_start, s.observations,
  case s.kpi_id
    when 'time_to_activation' then s.middle
    when 'partner_influenced_pipeline' then s.numerator / p.denominator
    else s.numerator / s.denominator
  end::double as value
from summed as s
join summed as p using (kpi_id, period_type, period_start)
where p.dimension = 'programme'
order by all;

copy kpi_value to '{out}' (format parquet);
