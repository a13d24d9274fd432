-- The CRM accounts that stand for each partner. The registry may name a HubSpot company by its own id
-- or by `hubspot|<id>`.
select
  partner_id,
  crm_account_id as account_id
from {{ ref('int_partners__resolved') }}
where crm_account_id is not null
union
select
  partner_id,
  {{ hubspot_id('crm_account_id') }} as account_id
from {{ ref('int_partners__resolved') }}
where crm_account_id is not null
