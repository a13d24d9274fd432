select
  payment_id,
  partner_id,
  referral_id,
  amount,
  currency,
  client_paid_on,
  due_on,
  paid_on,
  {{ lineage_columns() }}
from {{ source('prm', 'commission_payment') }}
