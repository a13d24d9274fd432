-- Every touch of an existing opportunity by a partner, valid or not, whatever it is known from.
-- `partner_ref` is what the source names; partner_id is null when the registry does not know it.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

partners as (
  select * from {{ ref('int_partners__resolved') }}
),

crm_roles as (
  select
    roles.opportunity_id,
    accounts.partner_id,
    roles.account_to_id as partner_ref,
    roles.role,
    'crm_role' as evidence,
    roles.created_at as touched_at,
    roles.source,
    roles.entity,
    roles.opportunity_partner_id as primary_key,
    {{ row_reference('roles') }}
  from {{ ref('int_opportunity_partners__resolved') }} as roles
  left join {{ ref('int_partner_accounts__matched') }} as accounts
    on roles.account_to_id = accounts.account_id
),

-- A registration decided after as_of is still pending.
deal_registrations as (
  select
    registrations.opportunity_id,
    partners.partner_id,
    registrations.partner_id as partner_ref,
    cast(null as {{ dbt.type_string() }}) as role,
    'deal_registration' as evidence,
    registrations.submitted_at as touched_at,
    'prm' as source,
    'deal_registration' as entity,
    registrations.registration_id as primary_key,
    {{ row_reference('registrations') }}
  from {{ ref('int_deal_registrations__resolved') }} as registrations
  cross join settings
  left join partners on registrations.partner_id = partners.partner_id
  where
    registrations.decision = 'approved'
    and (registrations.decided_at is null or registrations.decided_at < settings.as_of_ends_at)
),

-- A referral won or lost after as_of was accepted before; one accepted after as_of was not yet.
referrals as (
  select
    referrals.opportunity_id,
    partners.partner_id,
    referrals.partner_id as partner_ref,
    cast(null as {{ dbt.type_string() }}) as role,
    'referral' as evidence,
    referrals.submitted_at as touched_at,
    'prm' as source,
    'referral' as entity,
    referrals.referral_id as primary_key,
    {{ row_reference('referrals') }}
  from {{ ref('int_referrals__resolved') }} as referrals
  cross join settings
  left join partners on referrals.partner_id = partners.partner_id
  where
    referrals.direction = 'received'
    and (
      referrals.status in ('won', 'lost')
      or (
        referrals.status = 'accepted'
        and (referrals.decided_at is null or referrals.decided_at < settings.as_of_ends_at)
      )
    )
),

utm as (
  select
    leads.converted_opportunity_id as opportunity_id,
    partners.partner_id,
    partners.partner_id as partner_ref,
    cast(null as {{ dbt.type_string() }}) as role,
    'utm' as evidence,
    leads.created_at as touched_at,
    'salesforce' as source,
    'lead' as entity,
    leads.lead_id as primary_key,
    {{ row_reference('leads') }}
  from {{ ref('int_leads__resolved') }} as leads
  inner join partners on lower(leads.utm_source) = lower(partners.utm_source)
),

campaigns as (
  select
    leads.converted_opportunity_id as opportunity_id,
    responses.partner_id,
    responses.partner_ref,
    cast(null as {{ dbt.type_string() }}) as role,
    'campaign' as evidence,
    responses.responded_at as touched_at,
    'salesforce' as source,
    'campaign_member' as entity,
    responses.campaign_member_id as primary_key,
    responses.file_name,
    responses.file_sha256,
    responses.row_number,
    responses.version_at
  from {{ ref('int_campaign_responses__collected') }} as responses
  inner join {{ ref('int_leads__resolved') }} as leads on responses.lead_id = leads.lead_id
),

collected as (
  select * from crm_roles
  union all
  select * from deal_registrations
  union all
  select * from referrals
  union all
  select * from utm
  union all
  select * from campaigns
),

-- Other systems name a deal of HubSpot by its own id or by `hubspot|<id>`; Salesforce's ids come first.
names as (
  select
    opportunity_id,
    opportunity_id as named_id,
    1 as rank
  from {{ ref('int_opportunities__stated') }}
  union all
  select
    opportunity_id,
    primary_key as named_id,
    2 as rank
  from {{ ref('int_opportunities__stated') }}
  where source = 'hubspot'
),

opportunities as (
  select
    opportunity_id,
    named_id
  from names
  qualify row_number() over (partition by named_id order by rank asc) = 1
)

select
  opportunities.opportunity_id,
  collected.partner_id,
  collected.partner_ref,
  collected.role,
  collected.evidence,
  collected.touched_at,
  collected.source,
  collected.entity,
  collected.primary_key,
  collected.file_name,
  collected.file_sha256,
  collected.row_number,
  collected.version_at
from collected
inner join opportunities on collected.opportunity_id = opportunities.named_id
