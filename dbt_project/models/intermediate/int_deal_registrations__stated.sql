-- Each deal registration as of now (the end of as_of): whose it is, its days in the reporting zone,
-- until when it had to be decided, and what was decided. A decision dated after as_of has not been
-- taken yet. partner_ref is the partner that the export names; partner_id is null when the registry
-- does not know it.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

stated as (
  select
    registrations.*,
    registrations.submitted_at + settings.deal_registration_decision_hours * interval '1' hour as due_at,
    coalesce(registrations.decided_at >= settings.as_of_ends_at, false) as is_decided_later
  from {{ ref('int_deal_registrations__resolved') }} as registrations
  cross join settings
)

select
  stated.registration_id,
  stated.partner_id as partner_ref,
  partners.partner_id,
  nullif(trim(stated.customer_account_id), '') as customer_account_id,
  stated.account_id,
  stated.opportunity_id,
  {{ local_date('stated.submitted_at') }} as submitted_on,
  stated.due_at,
  {{ local_date('stated.due_at') }} as due_on,
  case when stated.is_decided_later then 'pending' else stated.decision end as decision,
  case when not stated.is_decided_later then stated.decided_at end as decided_at,
  stated.protected_until
from stated
cross join settings
left join {{ ref('int_partners__resolved') }} as partners
  on stated.partner_id = partners.partner_id
