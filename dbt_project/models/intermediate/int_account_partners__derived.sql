-- Which partners' integrations each account has installed: when the first one was, and on which day
-- the first one was activated. Integrations of nobody known share one row without partner_id.
select
  installations.account_id,
  owners.partner_id,
  min(installations.started_at) as installed_at,
  min(installations.activated_on) as activated_on
from {{ ref('int_installations__derived') }} as installations
left join {{ ref('int_integration_partners__identified') }} as owners
  on installations.integration_id = owners.integration_id
group by installations.account_id, owners.partner_id
