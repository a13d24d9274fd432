-- What partners are paid, and by when: one row a payment. Where finance states no due day, it is the
-- customer's payment and the days of the policy that rated the referral; where no such referral is
-- known, of the policy that held when the customer paid.
with payments as (
  select * from {{ ref('int_commission_payments__converted') }}
),

terms as (
  select
    payments.payment_id,
    policies.payment_terms_days
  from payments
  left join {{ ref('int_commissions__rated') }} as rated
    on payments.referral_id = rated.referral_id
  inner join {{ source('control', 'commission_policies') }} as policies
    on
      case
        when rated.policy is not null then rated.policy = policies.policy
        else
          coalesce(policies.valid_from <= payments.client_paid_on, true)
          and coalesce(policies.valid_to > payments.client_paid_on, true)
      end
  where payments.client_paid_on is not null
)

select
  payments.payment_id,
  payments.partner_id,
  payments.referral_id,
  cast(payments.amount as decimal(28, 9)) as amount,
  payments.currency,
  payments.amount_reporting,
  payments.client_paid_on,
  coalesce(payments.due_on, {{ add_days('payments.client_paid_on', 'terms.payment_terms_days') }}) as due_on,
  payments.paid_on
from payments
left join terms on payments.payment_id = terms.payment_id
