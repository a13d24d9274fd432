-- Each step of a partner's onboarding on the day on which it fell due: whether it was done by then.
select
  {{ kpi_observation_columns(
    kpi_id='onboarding_completion',
    observed_on='steps.due_on',
    partner_id='partners.partner_id',
    entity_type='onboarding_step',
    entity_id='steps.step_id',
    numerator='case when steps.completed_on <= steps.due_on then 1 else 0 end',
    denominator='1'
  ) }}
from {{ ref('int_onboarding_steps__resolved') }} as steps
cross join {{ ref('int_run_settings__derived') }} as settings
left join {{ ref('int_partners__resolved') }} as partners
  on steps.partner_id = partners.partner_id
where steps.due_on <= settings.as_of
