-- Each health component of each contracted partner and balance day: its score between the policy's two
-- points, its weight after those of the components without data are shared out, and what it adds.
-- Components without data have a row with neither. Exact: no floating-point number takes part.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

policies as (
  select * from {{ source('control', 'health_policies') }}
),

-- The tier of the day decides, where the policy says something about it.
due as (
  select
    contracted.partner_id,
    contracted.day,
    contracted.tier,
    policies.component,
    policies.weight,
    policies.zero_at,
    policies.hundred_at
  from {{ ref('int_contracted_days__listed') }} as contracted
  inner join policies
    on
      policies.tier = case
        when contracted.tier in (select own.tier from policies as own) then contracted.tier else ''
      end
),

measured as (
  select
    due.partner_id,
    due.day,
    due.tier,
    due.component,
    due.weight as policy_weight,
    due.zero_at,
    due.hundred_at,
    measures.parts,
    measures.whole,
    -- (measure - zero_at) / (hundred_at - zero_at) as above / below, below > 0.
    case when due.hundred_at > due.zero_at then 1 else -1 end
    * (measures.parts * 1000000000 - {{ billionths('due.zero_at') }} * measures.whole) as above,
    abs({{ billionths('due.hundred_at') }} - {{ billionths('due.zero_at') }}) * measures.whole as below
  from due
  left join {{ ref('int_health_measures__listed') }} as measures
    on
      due.partner_id = measures.partner_id
      and due.day = measures.day
      and due.component = measures.component
),

scored as (
  select
    partner_id,
    day,
    tier,
    component,
    policy_weight,
    zero_at,
    hundred_at,
    parts,
    whole,
    cast(parts as double) / cast(whole as double) as measure,
    case
      when parts is null then null
      when above <= 0 then cast(0 as decimal(28, 9))
      when above >= below then cast(100 as decimal(28, 9))
      else {{ divide_half_up('(above * 100)', 'below') }}
    end as score
  from measured
),

weighed as (
  select
    *,
    case when score is not null then policy_weight else 0 end as present_weight,
    sum(case when score is not null then policy_weight else 0 end)
      over (partition by partner_id, day) as present_weights,
    sum(policy_weight) over (partition by partner_id, day) as all_weights
  from scored
)

select
  weighed.partner_id,
  weighed.day,
  weighed.component,
  weighed.measure,
  weighed.score,
  cast(case
    when weighed.present_weights = 0 then 0
    else {{ divide_half_up(
      '(' ~ billionths('weighed.present_weight') ~ ' * 100)', billionths('weighed.present_weights')
    ) }}
  end as decimal(28, 9)) as weight,
  case
    when
      weighed.score is not null
      and weighed.present_weight > 0
      and weighed.present_weights >= settings.health_min_coverage * weighed.all_weights
      then {{ divide_half_up(
        '(' ~ billionths('weighed.score') ~ ' * ' ~ billionths('weighed.present_weight') ~ ')',
        '(' ~ billionths('weighed.present_weights') ~ ' * 1000000000)'
      ) }}
    when
      weighed.score is not null
      and weighed.present_weights >= settings.health_min_coverage * weighed.all_weights
      and weighed.present_weights > 0
      then cast(0 as decimal(28, 9))
  end as contribution,
  cast(weighed.policy_weight as decimal(28, 9)) as policy_weight,
  weighed.tier,
  weighed.zero_at,
  weighed.hundred_at,
  weighed.parts,
  weighed.whole
from weighed
cross join settings
