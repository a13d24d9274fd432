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

-- Numbers stand for groups while many moments are sorted: text would fill the memory.
cohorts as (
  select
    kpi_id,
    cohort,
    row_number() over (order by kpi_id asc, cohort asc) as cohort_number
  from (
    select
      kpi_id,
      quarter as cohort
    from waits
    union
    select
      kpi_id,
      'all' as cohort
    from waits
  ) as named
),

members as (
  select
    dimension,
    member,
    row_number() over (order by dimension asc, member asc) as member_number
  from (
    select
      'programme' as dimension,
      'all' as member
    union
    select
      dimension,
      member
    from {{ ref('int_partner_members__listed') }}
  ) as named
),

numbered as (
  select
    cohorts.cohort_number,
    waits.partner_id,
    waits.started_on,
    waits.waited_days,
    waits.is_finished
  from waits
  inner join cohorts
    on
      waits.kpi_id = cohorts.kpi_id
      and cohorts.cohort in ('all', waits.quarter)
),

-- A member is that of the day of the start.
placed as (
  select
    numbered.cohort_number,
    members.member_number,
    numbered.waited_days,
    numbered.is_finished
  from numbered
  cross join members
  where members.dimension = 'programme'
  union all
  select
    numbered.cohort_number,
    members.member_number,
    numbered.waited_days,
    numbered.is_finished
  from numbered
  inner join {{ ref('int_partner_members__listed') }} as listed
    on
      numbered.partner_id = listed.partner_id
      and numbered.started_on >= listed.valid_from
      and (listed.valid_to is null or numbered.started_on < listed.valid_to)
  inner join members
    on
      listed.dimension = members.dimension
      and listed.member = members.member
),

keys as (
  select
    cohorts.kpi_id,
    members.dimension,
    members.member,
    cohorts.cohort,
    pairs.cohort_number,
    pairs.member_number,
    row_number() over (order by pairs.cohort_number asc, pairs.member_number asc) as group_number
  from (select distinct cohort_number, member_number from placed) as pairs
  inner join cohorts on pairs.cohort_number = cohorts.cohort_number
  inner join members on pairs.member_number = members.member_number
),

moments as (
  select
    keys.group_number,
    placed.waited_days,
    count(*) as leaving,
    sum(case when placed.is_finished then 1 else 0 end) as finishing
  from placed
  inner join keys
    on
      placed.cohort_number = keys.cohort_number
      and placed.member_number = keys.member_number
  group by keys.group_number, placed.waited_days
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

-- The logarithm of zero does not exist: when all that remain finish, which is the last moment, nobody
-- waits any longer.
survived as (
  select
    *,
    case
      when finishing = remaining then 0
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
