-- Tickets as their newest versions describe them. Zendesk keeps deleted ones as a status. account_id is
-- the organisation's one id in all systems, organization_id what the export says.
with newest as (
  {{ latest_version(ref('stg_support__zendesk_tickets'), ['ticket_id']) }}
),

accounts as (
  {{ accounts_of(ref('int_accounts__matched'), 'newest', 'organization_id', "'support'", "'zendesk_ticket'") }}
)

select
  newest.*,
  accounts.account_id
from newest
left join accounts on newest.organization_id = accounts.named_id
where lower(trim(newest.status)) <> 'deleted'
