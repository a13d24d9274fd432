with newest as (
  {{ latest_version(ref('stg_prm__onboarding_steps'), ['partner_id', 'step']) }}
)

select
  *,
  partner_id || '|' || step as step_id
from newest
