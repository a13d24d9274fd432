-- Each referral as of now (the end of as_of): whose it is, its days in the reporting zone, until when
-- it had to be answered, and where it stood. What happened to it after as_of has not happened yet:
-- one won or lost later was accepted before. partner_ref is the partner that the export names;
-- partner_id is null when the registry does not know it.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

stated as (
  select
    referrals.*,
    referrals.submitted_at + settings.referral_follow_up_hours * interval '1' hour as due_at,
    case
      when referrals.first_response_at < settings.as_of_ends_at then referrals.first_response_at
    end as answered_at,
    case when referrals.decided_at < settings.as_of_ends_at then referrals.decided_at end as known_decided_at,
    case
      when coalesce(referrals.decided_at < settings.as_of_ends_at, true) then referrals.status
      when referrals.status in ('won', 'lost') then 'accepted'
      else 'submitted'
    end as known_status
  from {{ ref('int_referrals__resolved') }} as referrals
  cross join settings
)

select
  stated.referral_id,
  stated.partner_id as partner_ref,
  partners.partner_id,
  stated.direction,
  coalesce(stated.involvement, 'standard') as involvement,
  stated.opportunity_id,
  stated.submitted_at,
  {{ local_date('stated.submitted_at') }} as submitted_on,
  stated.due_at,
  {{ local_date('stated.due_at') }} as due_on,
  stated.answered_at,
  {{ local_date('stated.answered_at') }} as answered_on,
  stated.known_status as status,
  stated.known_decided_at as decided_at,
  {{ local_date('stated.known_decided_at') }} as decided_on,
  coalesce(stated.revenue, 0) as revenue,
  coalesce(nullif(trim(stated.currency), ''), settings.reporting_currency) as currency
from stated
cross join settings
left join {{ ref('int_partners__resolved') }} as partners
  on stated.partner_id = partners.partner_id
