-- The file rows behind accounts as the CRMs know them: the account itself, and the deal that made it a
-- customer. That it has used an integration is told by entity_sources_installations.
with accounts as (
  select
    matched.account_id,
    account.source,
    account.entity,
    account.primary_key,
    {{ row_reference('account') }}
  from {{ ref('int_accounts__resolved') }} as account
  inner join {{ ref('int_accounts__matched') }} as matched
    on matched.named_by = 'id' and account.account_id = matched.named_id
)

select
  {{ named_evidence_row('account', 'accounts.account_id', 'accounts') }}
from accounts
union
select
  {{ named_evidence_row('account', 'customers.account_id', 'origins', 'customers.won_on', 'customers.won_on') }}
from {{ ref('int_new_customers__derived') }} as customers
inner join {{ ref('entity_sources_opportunities') }} as origins
  on customers.opportunity_id = origins.entity_id
