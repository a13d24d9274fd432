-- How long things really take, those that still wait included: the Kaplan-Meier estimate (product limit;
-- Kaplan and Meier 1958) by member and start cohort. The share finished by a day is 1 minus the product
-- of (1 - finished / at risk) over all moments until then; it is unknown beyond the last moment at which
-- anything was observed. Rows at days 0, 30, 60 and 90 and on each day on which something finished.
with waits as (
  select
    *,
    cast(extract(year from started_on) as {{ dbt.type_string() }})
    || 'Q' || cast(extract(quarter from started_on) as {{ dbt.type_string() }}) as quarter
  from {{ ref('int_waits__listed') }}
),

-- A member is that of the day of the start.
placed as (
  select
    kpi_id,
    'programme' as dimension,
    'all' as member,
    quarter,
    waited_days,
    is_finished
  from waits
  union all
  select
    waits.kpi_id,
    members.dimension,
    members.member,
    waits.quarter,
    waits.waited_days,
    waits.is_finished
  from waits
  inner join {{ ref('int_partner_members__listed') }} as members
    on
      waits.partner_id = members.partner_id
      and waits.started_on >= members.valid_from
      and (members.valid_to is null or waits.started_on < members.valid_to)
),

cohorts as (
  select
    kpi_id,
    dimension,
    member,
    'all' as cohort,
    waited_days,
    is_finished
  from placed
  union all
  select
    kpi_id,
    dimension,
    member,
    quarter as cohort,
    waited_days,
    is_finished
  from placed
),

-- Numbers stand for groups while many moments are sorted: text would fill the memory.
keys as (
  select
    *,
    row_number() over (order by kpi_id asc, dimension asc, member asc, cohort asc) as group_number
  from (select distinct kpi_id, dimension, member, cohort from cohorts) as groups_of_waits
),

moments as (
  select
    keys.group_number,
    cohorts.waited_days,
    count(*) as leaving,
    sum(case when cohorts.is_finished then 1 else 0 end) as finishing
  from cohorts
  inner join keys
    on
      cohorts.kpi_id = keys.kpi_id
      and cohorts.dimension = keys.dimension
      and cohorts.member = keys.member
      and cohorts.cohort = keys.cohort
  group by keys.group_number, cohorts.waited_days
),

at_risk as (
  select
    *,
    sum(leaving) over (
      partition by group_number
      order by waited_days desc
      rows between unbounded preceding and current row
    ) as remaining
  from moments
),

-- The logarithm of zero does not exist: once all that remain have finished, nobody waits.
survived as (
  select
    *,
    case
      when
        max(case when finishing = remaining then 1 else 0 end) over (
          partition by group_number
          order by waited_days asc
          rows between unbounded preceding and current row
        ) = 1
        then 0
      else exp(sum(case when finishing < remaining then ln(1 - cast(finishing as double) / remaining) end) over (
        partition by group_number
        order by waited_days asc
        rows between unbounded preceding and current row
      ))
    end as waiting_share
  from at_risk
),

groups as (
  select
    group_number,
    sum(leaving) as started,
    max(waited_days) as last_days,
    min(waiting_share) as last_share,
    -- The tiny allowance: half may come out as a little more than half.
    min(case when waiting_share <= 0.5 + 1e-9 then waited_days end) as median_days
  from survived
  group by group_number
),

days as (
  select
    group_number,
    cast(ceil(waited_days) as bigint) as day,
    sum(leaving) as leaving,
    sum(case when waited_days = ceil(waited_days) then leaving else 0 end) as leaving_at_end,
    sum(finishing) as finishing,
    min(waiting_share) as waiting_share
  from survived
  group by group_number, cast(ceil(waited_days) as bigint)
),

marks as (
  select 0 as day
  union all
  select 30 as day
  union all
  select 60 as day
  union all
  select 90 as day
),

listed as (
  select
    group_number,
    day,
    leaving,
    leaving_at_end,
    finishing,
    waiting_share
  from days
  union all
  select
    groups.group_number,
    marks.day,
    0 as leaving,
    0 as leaving_at_end,
    0 as finishing,
    1 as waiting_share
  from groups
  cross join marks
),

by_day as (
  select
    group_number,
    day,
    sum(leaving) as leaving,
    sum(leaving_at_end) as leaving_at_end,
    sum(finishing) as finishing,
    min(waiting_share) as waiting_share,
    max(case when day in (0, 30, 60, 90) then 1 else 0 end) as is_mark
  from listed
  group by group_number, day
),

running as (
  select
    *,
    sum(leaving) over until_day as left_by_day,
    sum(finishing) over until_day as finished_by_day,
    min(waiting_share) over until_day as share_by_day
  from by_day
  window
    until_day as (
      partition by group_number
      order by day asc
      rows between unbounded preceding and current row
    )
)

select
  keys.kpi_id,
  keys.dimension,
  keys.member,
  keys.cohort,
  running.day,
  cast(groups.started as bigint) as started,
  cast(groups.started - running.left_by_day + running.leaving_at_end as bigint) as at_risk,
  cast(running.finished_by_day as bigint) as finished,
  case
    when running.day <= groups.last_days or groups.last_share = 0 then 1 - running.share_by_day
  end as finished_share,
  groups.median_days
from running
inner join groups on running.group_number = groups.group_number
inner join keys on running.group_number = keys.group_number
where running.is_mark = 1 or running.finishing > 0
