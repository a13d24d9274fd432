-- What happened in the trailing window of each contracted partner and balance day: qualifying events,
-- marketing responses, up time, answers. Each sum is a running total at the window's end minus the
-- one before its beginning, so that the work grows with the days and not with days times window.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

contracted as (
  select * from {{ ref('int_contracted_days__listed') }}
),

happened as (
  select partner_id, happened_on as day, 1 as events, 0 as marketing
  from {{ ref('int_qualifying_events__collected') }}
  union all
  select partner_id, happened_on as day, 0 as events, 1 as marketing
  from {{ ref('int_qualifying_events__collected') }}
  where entity = 'content_use'
  union all
  select distinct_responses.partner_id, distinct_responses.responded_on as day, 0 as events, 1 as marketing
  from (
    select distinct partner_id, campaign_member_id, responded_on
    from {{ ref('int_campaign_responses__collected') }}
    where partner_id is not null
  ) as distinct_responses
),

facts as (
  select
    partner_id,
    day,
    events,
    marketing,
    cast(0 as decimal(28, 9)) as up_minutes,
    cast(0 as decimal(28, 9)) as due_minutes,
    0 as nps_points,
    0 as nps_answers
  from happened
  union all
  select
    partner_id,
    observed_on as day,
    0 as events,
    0 as marketing,
    numerator as up_minutes,
    denominator as due_minutes,
    0 as nps_points,
    0 as nps_answers
  from {{ ref('kpi_integration_uptime') }}
  where partner_id is not null
  union all
  select
    partner_id,
    responded_on as day,
    0 as events,
    0 as marketing,
    cast(0 as decimal(28, 9)) as up_minutes,
    cast(0 as decimal(28, 9)) as due_minutes,
    points as nps_points,
    1 as nps_answers
  from {{ ref('int_survey_answers__counted') }}
  where survey = 'integration_nps' and partner_id is not null
),

by_day as (
  select
    partner_id,
    day,
    sum(events) as events,
    sum(marketing) as marketing,
    sum(up_minutes) as up_minutes,
    sum(due_minutes) as due_minutes,
    sum(nps_points) as nps_points,
    sum(nps_answers) as nps_answers
  from facts
  group by partner_id, day
),

marks as (
  select partner_id, day as marked_day, day, 1 as sign from contracted
  union all
  select
    contracted.partner_id,
    contracted.day as marked_day,
    {{ add_days('contracted.day', '-settings.active_partner_window_days') }} as day,
    -1 as sign
  from contracted
  cross join settings
),

combined as (
  select
    partner_id,
    day,
    cast(null as date) as marked_day,
    0 as sign,
    events,
    marketing,
    up_minutes,
    due_minutes,
    nps_points,
    nps_answers
  from by_day
  union all
  select
    partner_id,
    day,
    marked_day,
    sign,
    0 as events,
    0 as marketing,
    cast(0 as decimal(28, 9)) as up_minutes,
    cast(0 as decimal(28, 9)) as due_minutes,
    0 as nps_points,
    0 as nps_answers
  from marks
),

-- Rows of the same day are peers: all of them are in each other's totals.
running as (
  select
    partner_id,
    marked_day,
    sign,
    sum(events) over so_far as events,
    sum(marketing) over so_far as marketing,
    sum(up_minutes) over so_far as up_minutes,
    sum(due_minutes) over so_far as due_minutes,
    sum(nps_points) over so_far as nps_points,
    sum(nps_answers) over so_far as nps_answers
  from combined
  window so_far as (partition by partner_id order by day asc)
)

select
  partner_id,
  marked_day as day,
  cast(sum(sign * events) as bigint) as events,
  cast(sum(sign * marketing) as bigint) as marketing,
  cast(sum(sign * up_minutes) as decimal(28, 9)) as up_minutes,
  cast(sum(sign * due_minutes) as decimal(28, 9)) as due_minutes,
  cast(sum(sign * nps_points) as bigint) as nps_points,
  cast(sum(sign * nps_answers) as bigint) as nps_answers
from running
where marked_day is not null
group by partner_id, marked_day
