-- What was agreed on in quarterly reviews, as of now (the end of as_of): what was done later is not done
-- yet, and late once its day has passed.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

stated as (
  select
    actions.*,
    case
      when actions.status not in ('done', 'late') or coalesce(actions.done_on <= settings.as_of, true)
        then actions.status
      when actions.due_on < settings.as_of then 'late'
      else 'open'
    end as known_status,
    case when actions.done_on <= settings.as_of then actions.done_on end as known_done_on
  from {{ ref('int_actions__resolved') }} as actions
  cross join settings
)

select
  stated.action_id,
  partners.partner_id,
  stated.quarter,
  stated.side,
  stated.action_text as text,
  stated.action_owner as owner,
  stated.due_on,
  case when stated.known_status in ('done', 'late') then stated.known_done_on end as done_on,
  stated.known_status as status
from stated
left join {{ ref('int_partners__resolved') }} as partners
  on stated.partner_id = partners.partner_id
