-- Each commission payment: whose it is, and its amount in the reporting currency at the rate of the day
-- it was paid; amount_reporting is null where no rate is known or nothing is paid yet. partner_id is
-- null when the registry does not know it.
select
  payments.payment_id,
  partners.partner_id,
  payments.referral_id,
  payments.amount,
  coalesce(nullif(trim(payments.currency), ''), settings.reporting_currency) as currency,
  payments.client_paid_on,
  payments.due_on,
  payments.paid_on,
  {{ converted_amount('payments.amount', 'rates.from_rate', 'rates.to_rate') }} as amount_reporting
from {{ ref('int_commission_payments__resolved') }} as payments
cross join {{ ref('int_run_settings__derived') }} as settings
left join {{ ref('int_partners__resolved') }} as partners
  on payments.partner_id = partners.partner_id
left join {{ ref('int_conversion_rates__filled') }} as rates
  on
    rates.currency = coalesce(nullif(trim(payments.currency), ''), settings.reporting_currency)
    and payments.paid_on = rates.day
