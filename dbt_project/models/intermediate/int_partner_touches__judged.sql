-- Each touch with its verdict: valid within the influence window, and whether it sourced the
-- opportunity (at most one touch does).
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

dated as (
  select
    touches.*,
    opportunities.created_at as opportunity_created_at,
    {{ local_date('touches.touched_at') }} as touched_on,
    -- Both ends of the window are inside it.
    touches.touched_at
    >= opportunities.created_at - settings.influence_window_days * interval '24' hour
    and touches.touched_at <= opportunities.touches_until_at as is_valid
  from {{ ref('int_partner_touches__collected') }} as touches
  inner join {{ ref('int_opportunities__stated') }} as opportunities
    on touches.opportunity_id = opportunities.opportunity_id
  cross join settings
),

ranked as (
  select
    *,
    row_number() over (
      partition by
        opportunity_id,
        case when is_valid and evidence in ('deal_registration', 'referral') then 1 else 0 end
      order by
        touched_at asc nulls last,
        case when evidence = 'deal_registration' then 0 else 1 end asc,
        partner_id asc nulls last,
        primary_key asc nulls last
    ) as position
  from dated
)

select
  opportunity_id,
  partner_id,
  partner_ref,
  role,
  evidence,
  touched_at,
  touched_on,
  is_valid,
  is_valid
  and evidence in ('deal_registration', 'referral')
  and position = 1
  and touched_at <= opportunity_created_at as is_sourcing,
  source,
  entity,
  primary_key,
  file_name,
  file_sha256,
  row_number,
  version_at
from ranked
