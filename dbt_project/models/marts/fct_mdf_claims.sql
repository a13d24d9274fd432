-- Claims submitted by as_of, as of now: one decided later was submitted until then. What was granted and
-- paid is that of int_mdf_claims__converted; what was asked for converts at the same day's rate, at
-- as_of's while there is no decision.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

claims as (
  select
    submitted.claim_id,
    submitted.partner_id as partner_ref,
    submitted.campaign_id,
    case
      when submitted.decided_at >= settings.as_of_ends_at then 'submitted' else submitted.status
    end as status,
    submitted.requested_amount,
    coalesce(nullif(trim(submitted.currency), ''), settings.reporting_currency) as currency,
    {{ local_date('submitted.submitted_at') }} as submitted_on,
    decided.approved_reporting,
    decided.paid_reporting,
    decided.decided_on,
    coalesce(decided.decided_on, settings.as_of) as rate_day
  from {{ ref('int_mdf_claims__resolved') }} as submitted
  cross join settings
  left join {{ ref('int_mdf_claims__converted') }} as decided
    on submitted.claim_id = decided.claim_id
  where submitted.submitted_at < settings.as_of_ends_at
)

select
  claims.claim_id,
  partners.partner_id,
  claims.campaign_id,
  claims.status,
  {{ converted_amount('claims.requested_amount', 'rates.from_rate', 'rates.to_rate') }} as requested,
  claims.approved_reporting as approved,
  claims.paid_reporting as paid,
  claims.submitted_on,
  claims.decided_on
from claims
left join {{ ref('int_partners__resolved') }} as partners
  on claims.partner_ref = partners.partner_id
left join {{ ref('int_conversion_rates__filled') }} as rates
  on
    claims.currency = rates.currency
    and claims.rate_day = rates.day
