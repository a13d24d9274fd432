-- What counts as a sign of life of a partner: one row per partner and source row, on its local day.
-- Touches count whether or not they are valid; deal registrations and referrals come as themselves.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

touches as (
  select
    partner_id,
    touched_at as happened_at,
    source,
    entity,
    primary_key,
    file_name,
    file_sha256,
    row_number,
    version_at
  from {{ ref('int_partner_touches__collected') }}
  where evidence in ('crm_role', 'utm', 'campaign')
),

registrations as (
  select
    partner_id,
    submitted_at as happened_at,
    'prm' as source,
    'deal_registration' as entity,
    registration_id as primary_key,
    {{ row_reference('registration') }}
  from {{ ref('int_deal_registrations__resolved') }} as registration
),

referrals as (
  select
    partner_id,
    submitted_at as happened_at,
    'prm' as source,
    'referral' as entity,
    referral_id as primary_key,
    {{ row_reference('referral') }}
  from {{ ref('int_referrals__resolved') }} as referral
),

claims as (
  select
    partner_id,
    submitted_at as happened_at,
    'prm' as source,
    'mdf_claim' as entity,
    claim_id as primary_key,
    {{ row_reference('claim') }}
  from {{ ref('int_mdf_claims__resolved') }} as claim
),

content_uses as (
  select
    partner_id,
    occurred_at as happened_at,
    'prm' as source,
    'content_use' as entity,
    event_id as primary_key,
    {{ row_reference('content_use') }}
  from {{ ref('int_content_uses__resolved') }} as content_use
),

certificates as (
  select
    certificate.partner_id,
    {{ local_day_starts_at('certificate.issued_on') }} as happened_at,
    'lms' as source,
    'certification' as entity,
    certificate.person_id || '|' || certificate.certification || '|'
    || cast(certificate.issued_on as {{ dbt.type_string() }}) as primary_key,
    {{ row_reference('certificate') }}
  from {{ ref('int_certifications__resolved') }} as certificate
  cross join settings
),

collected as (
  select * from touches
  union all
  select * from registrations
  union all
  select * from referrals
  union all
  select * from claims
  union all
  select * from content_uses
  union all
  select * from certificates
)

select distinct
  collected.partner_id,
  {{ local_date('collected.happened_at') }} as happened_on,
  collected.source,
  collected.entity,
  collected.primary_key,
  collected.file_name,
  collected.file_sha256,
  collected.row_number,
  collected.version_at
from collected
inner join {{ ref('int_partners__resolved') }} as partners
  on collected.partner_id = partners.partner_id
cross join settings
where collected.happened_at < settings.as_of_ends_at
