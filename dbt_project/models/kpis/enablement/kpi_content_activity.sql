-- Each use of sales content by a partner, on its day.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
)

select
  {{ kpi_observation_columns(
    kpi_id='content_activity',
    observed_on=local_date('uses.occurred_at'),
    partner_id='partners.partner_id',
    entity_type='content_use',
    entity_id='uses.event_id',
    numerator='1',
    denominator='1'
  ) }}
from {{ ref('int_content_uses__resolved') }} as uses
cross join settings
left join {{ ref('int_partners__resolved') }} as partners
  on uses.partner_id = partners.partner_id
where uses.occurred_at < settings.as_of_ends_at
