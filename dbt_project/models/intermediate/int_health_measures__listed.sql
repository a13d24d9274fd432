-- The measure of each health component of each contracted partner and balance day, as an exact fraction
-- of whole numbers: measure = parts / whole. A component without data has no row.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

contracted as (
  select * from {{ ref('int_contracted_days__listed') }}
),

windows as (
  select * from {{ ref('int_partner_windows__summed') }}
),

landed as (
  select * from {{ ref('int_health_sources__derived') }}
),

influenced as (
  select
    influences.partner_id,
    amounts.day,
    sum(amounts.amount_reporting) as amount
  from {{ ref('int_open_amounts__converted') }} as amounts
  inner join {{ ref('int_influences__derived') }} as influences
    on
      amounts.opportunity_id = influences.opportunity_id
      and amounts.day >= influences.influenced_on
  where amounts.amount_reporting is not null
  group by influences.partner_id, amounts.day
),

pipelines as (
  select
    contracted.partner_id,
    contracted.day,
    contracted.tier,
    coalesce(influenced.amount, 0) as amount
  from contracted
  left join influenced
    on
      contracted.partner_id = influenced.partner_id
      and contracted.day = influenced.day
),

-- The median is the mean of the two middle amounts, which are the same one for an odd number.
medians as (
  select
    day,
    tier,
    cast(percentile_disc(0.5) within group (order by amount asc) as decimal(38, 9))
    + cast(percentile_disc(0.5) within group (order by amount desc) as decimal(38, 9)) as doubled
  from pipelines
  group by day, tier
),

measures as (
  select
    windows.partner_id,
    windows.day,
    'activity' as component,
    cast(windows.events as hugeint) as parts,
    cast(1 as hugeint) as whole
  from windows
  cross join landed
  where landed.has_activity
  union all
  select
    pipelines.partner_id,
    pipelines.day,
    'pipeline' as component,
    {{ millionths('pipelines.amount') }} * 2 as parts,
    {{ millionths('medians.doubled') }} as whole
  from pipelines
  inner join medians
    on
      pipelines.day = medians.day
      and pipelines.tier = medians.tier
  cross join landed
  where landed.has_pipeline and medians.doubled > 0
  union all
  select
    contracted.partner_id,
    contracted.day,
    'certification' as component,
    cast(least(coalesce(people.certified_people, 0), contracted.required_certified_people) as hugeint) as parts,
    cast(contracted.required_certified_people as hugeint) as whole
  from contracted
  left join {{ ref('int_certified_people__counted') }} as people
    on
      contracted.partner_id = people.partner_id
      and contracted.day = people.day
  cross join landed
  where landed.has_certification and contracted.required_certified_people > 0
  union all
  select
    windows.partner_id,
    windows.day,
    'marketing' as component,
    cast(windows.marketing as hugeint) as parts,
    cast(1 as hugeint) as whole
  from windows
  cross join landed
  where landed.has_marketing
  union all
  select
    partner_id,
    day,
    'reliability' as component,
    {{ billionths('up_minutes') }} as parts,
    {{ billionths('due_minutes') }} as whole
  from windows
  where due_minutes > 0
  union all
  select
    windows.partner_id,
    windows.day,
    'satisfaction' as component,
    cast(windows.nps_points * 100 as hugeint) as parts,
    cast(windows.nps_answers as hugeint) as whole
  from windows
  cross join settings
  where windows.nps_answers >= settings.min_sample
)

select
  measures.partner_id,
  measures.day,
  contracted.tier,
  measures.component,
  measures.parts,
  measures.whole
from measures
inner join contracted
  on
    measures.partner_id = contracted.partner_id
    and measures.day = contracted.day
