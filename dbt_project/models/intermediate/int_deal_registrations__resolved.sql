-- account_id is the customer's one id in all systems, customer_account_id what the export says.
with newest as (
  {{ latest_version(ref('stg_prm__deal_registrations'), ['registration_id']) }}
),

accounts as (
  {{ accounts_of('newest', 'customer_account_id', "'prm'", "'deal_registration'") }}
)

select
  newest.*,
  accounts.account_id
from newest
left join accounts on newest.customer_account_id = accounts.named_id
