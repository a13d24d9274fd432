-- Whose each registered integration is: the partner that the registry of integrations names, and
-- partner_id, which is null when the registry of partners does not know it.
select
  integrations.integration_id,
  integrations.partner_id as named_partner_id,
  partners.partner_id
from {{ ref('int_integrations__resolved') }} as integrations
left join {{ ref('int_partners__resolved') }} as partners
  on integrations.partner_id = partners.partner_id
