-- The file rows behind what the partner programme runs on: referrals, registrations, commissions, costs,
-- onboarding and the roadmap.
with referrals as (
  select
    {{ evidence_row('referral', 'referral_id', 'prm', 'referral', 'referral_id', 'referral') }}
  from {{ ref('int_referrals__resolved') }} as referral
  union all
  -- A commission that partners share is one thing for each of them.
  select
    {{ evidence_row('referral', 'lines.line_id', 'prm', 'referral', 'referral.referral_id', 'referral') }}
  from {{ ref('int_commissions__shared') }} as lines
  inner join {{ ref('int_referrals__resolved') }} as referral
    on lines.referral_id = referral.referral_id
  where lines.line_id <> lines.referral_id
),

-- A conflict has two sides: on the day of submission the other one's registration counts too.
deal_registrations as (
  select
    {{ evidence_row('deal_registration', 'registration_id', 'prm', 'deal_registration', 'registration_id', 'registration') }}
  from {{ ref('int_deal_registrations__resolved') }} as registration
  union all
  select
    {{ evidence_row(
      'deal_registration', 'conflicts.registration_id', 'prm', 'deal_registration', 'held.registration_id',
      'held', 'conflicts.submitted_on', 'conflicts.submitted_on'
    ) }}
  from {{ ref('int_channel_conflicts__matched') }} as conflicts
  inner join {{ ref('int_deal_registrations__resolved') }} as held
    on conflicts.held_registration_id = held.registration_id
),

commission_payments as (
  select
    {{ evidence_row('commission_payment', 'payment_id', 'prm', 'commission_payment', 'payment_id', 'payment') }}
  from {{ ref('int_commission_payments__resolved') }} as payment
),

programme_costs as (
  select
    {{ evidence_row('programme_cost', 'cost_id', 'prm', 'programme_cost', 'cost_id', 'cost') }}
  from {{ ref('int_programme_costs__resolved') }} as cost
),

onboarding_steps as (
  select
    {{ evidence_row('onboarding_step', 'step_id', 'prm', 'onboarding_step', 'step_id', 'step') }}
  from {{ ref('int_onboarding_steps__resolved') }} as step
),

roadmap_items as (
  select
    {{ evidence_row('roadmap_item', 'item_id', 'roadmap', 'item', 'item_id', 'item') }}
  from {{ ref('int_roadmap_items__resolved') }} as item
)

select * from referrals
union
select * from deal_registrations
union
select * from commission_payments
union
select * from programme_costs
union
select * from onboarding_steps
union
select * from roadmap_items
