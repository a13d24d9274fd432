-- Everything that waits for something: since when, how long in days, and whether it came by as_of. What
-- still waits has waited until as_of (a censored duration). One row per KPI and thing that waits.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

installations as (
  select
    installations.*,
    integrations.partner_id as named_partner_id,
    coalesce(installations.activated_at, settings.as_of_ends_at) as waited_until,
    {{ local_date('installations.started_at') }} as started_on
  from {{ ref('int_installations__derived') }} as installations
  cross join settings
  left join {{ ref('int_integrations__resolved') }} as integrations
    on installations.integration_id = integrations.integration_id
)

select
  'time_to_activation' as kpi_id,
  installations.installation_id as entity_id,
  partners.partner_id,
  installations.started_on,
  cast({{ microseconds_between('installations.started_at', 'installations.waited_until') }} as double)
  / 86400000000 as waited_days,
  installations.activated_at is not null as is_finished
from installations
left join {{ ref('int_partners__resolved') }} as partners
  on installations.named_partner_id = partners.partner_id
