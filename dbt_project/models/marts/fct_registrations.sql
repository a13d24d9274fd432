-- Deal registrations submitted by as_of, as of now: one decided later is pending until then, and only an
-- approved one protects.
select
  registrations.registration_id,
  registrations.partner_id,
  registrations.account_id,
  registrations.opportunity_id,
  registrations.decision as status,
  registrations.submitted_on,
  registrations.due_on as decision_due_on,
  case
    when registrations.decision <> 'pending' then {{ local_date('registrations.decided_at') }}
  end as decided_on,
  case when registrations.decision = 'approved' then registrations.protected_until end as protected_until
from {{ ref('int_deal_registrations__stated') }} as registrations
inner join {{ ref('int_run_settings__derived') }} as settings
  on registrations.submitted_on <= settings.as_of
