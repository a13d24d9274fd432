-- Whose each registered integration is: the partner that the registry of integrations names, and
-- partner_id, which is null when the registry of partners does not know it. Numbers stand for the
-- integration and for the named partner while many rows are grouped.
select
  integrations.integration_id,
  integrations.partner_id as named_partner_id,
  partners.partner_id,
  cast(row_number() over (order by integrations.integration_id asc) as {{ dbt.type_int() }}) as integration_number,
  cast(dense_rank() over (order by integrations.partner_id asc) as {{ dbt.type_int() }}) as partner_number
from {{ ref('int_integrations__resolved') }} as integrations
left join {{ ref('int_partners__resolved') }} as partners
  on integrations.partner_id = partners.partner_id
