-- Each claim decided by as_of on the day of its decision, with what was approved and paid in the
-- reporting currency at that day's rate; null where no rate is known. rate_on is null where nothing had
-- to be looked up.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

claims as (
  select
    decided.claim_id,
    decided.partner_id,
    decided.status,
    decided.resubmissions,
    {{ local_date('decided.decided_at') }} as decided_on,
    coalesce(nullif(trim(decided.currency), ''), settings.reporting_currency) as currency,
    coalesce(decided.approved_amount, 0) as approved_amount,
    coalesce(decided.paid_amount, 0) as paid_amount
  from {{ ref('int_mdf_claims__resolved') }} as decided
  cross join settings
  where decided.decided_at < settings.as_of_ends_at
)

select
  claims.claim_id,
  partners.partner_id,
  claims.status,
  claims.resubmissions,
  claims.decided_on,
  claims.currency,
  rates.rate_on,
  {{ converted_amount('claims.approved_amount', 'rates.from_rate', 'rates.to_rate') }} as approved_reporting,
  {{ converted_amount('claims.paid_amount', 'rates.from_rate', 'rates.to_rate') }} as paid_reporting
from claims
left join {{ ref('int_partners__resolved') }} as partners
  on claims.partner_id = partners.partner_id
left join {{ ref('int_conversion_rates__filled') }} as rates
  on
    claims.currency = rates.currency
    and claims.decided_on = rates.day
