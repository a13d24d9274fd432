-- The file rows that each observed thing comes from. Things made of events name the rows that
-- decide; daily aggregates name their files and how many rows of each count. Rows that stand behind
-- some days only say from when to when: what is observed on another day does not come from them.
{%- set any_day -%}
  cast(null as date) as first_day,
    cast(null as date) as last_day
{%- endset %}

with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

opportunities as (
  select
    'opportunity' as entity_type,
    opportunity_id as entity_id,
    source,
    entity,
    primary_key,
    {{ row_reference('opportunity') }},
    1 as row_count,
    {{ any_day }}
  from {{ ref('int_opportunities__resolved') }} as opportunity
  union all
  select
    'opportunity' as entity_type,
    opportunity_id as entity_id,
    source,
    entity,
    primary_key,
    {{ row_reference('history') }},
    1 as row_count,
    {{ any_day }}
  from {{ ref('int_opportunity_history__resolved') }} as history
  union all
  select
    {{ evidence_row('opportunity', hubspot_id('deals.deal_id'), 'hubspot', 'deal_pipeline_stage', 'stages.stage_id', 'stages') }}
  from {{ ref('int_deals__resolved') }} as deals
  inner join {{ ref('int_deal_pipeline_stages__resolved') }} as stages on deals.stage_id = stages.stage_id
  union all
  select
    'opportunity' as entity_type,
    opportunity_id as entity_id,
    source,
    entity,
    primary_key,
    file_name,
    file_sha256,
    row_number,
    version_at,
    1 as row_count,
    {{ any_day }}
  from {{ ref('int_partner_touches__judged') }}
),

installations as (
  select
    'installation' as entity_type,
    installation_id as entity_id,
    'telemetry' as source,
    'event' as entity,
    start_message_id as primary_key,
    start_file_name as file_name,
    start_file_sha256 as file_sha256,
    start_row_number as row_number,
    cast(null as timestamp) as version_at,
    1 as row_count,
    {{ any_day }}
  from {{ ref('int_installations__derived') }}
  union all
  select
    'installation' as entity_type,
    installation_id as entity_id,
    'telemetry' as source,
    'event' as entity,
    activation_message_id as primary_key,
    activation_file_name as file_name,
    activation_file_sha256 as file_sha256,
    activation_row_number as row_number,
    cast(null as timestamp) as version_at,
    1 as row_count,
    {{ any_day }}
  from {{ ref('int_installations__derived') }}
  where activated_at is not null
),

status_items as (
  select
    'statuspage_incident' as entity,
    incident_id as primary_key,
    coalesce(nullif(trim(page_id), ''), 'default') as page_id,
    components,
    {{ local_date('coalesce(started_at, created_at)') }} as first_day,
    {{ local_date('resolved_at') }} as last_day,
    {{ row_reference('incidents') }}
  from {{ ref('int_incidents__resolved') }} as incidents
  cross join settings
  union all
  select
    'statuspage_maintenance' as entity,
    maintenance_id as primary_key,
    coalesce(nullif(trim(page_id), ''), 'default') as page_id,
    components,
    {{ local_date('scheduled_for') }} as first_day,
    {{ local_date('scheduled_until') }} as last_day,
    {{ row_reference('maintenances') }}
  from {{ ref('int_maintenances__resolved') }} as maintenances
  cross join settings
),

status_rows as (
  {{ json_texts_of('status_items', 'components', [
    'entity', 'primary_key', 'page_id', 'first_day', 'last_day', 'file_name', 'file_sha256',
    'row_number', 'version_at'
  ]) }}
),

integrations as (
  select
    {{ evidence_row('integration', 'integration_id', 'registry', 'integration', 'integration_id', 'integration') }}
  from {{ ref('int_integrations__resolved') }} as integration
  union all
  select
    'integration' as entity_type,
    pages.integration_id as entity_id,
    'sla' as source,
    status_rows.entity,
    status_rows.primary_key,
    status_rows.file_name,
    status_rows.file_sha256,
    status_rows.row_number,
    status_rows.version_at,
    1 as row_count,
    status_rows.first_day,
    status_rows.last_day
  from {{ ref('int_integration_pages__picked') }} as pages
  inner join status_rows
    on
      pages.page_id = status_rows.page_id
      and pages.component = status_rows.item
  union all
  select
    'integration' as entity_type,
    integration_id as entity_id,
    'sla' as source,
    'probe' as entity,
    cast(null as {{ dbt.type_string() }}) as primary_key,
    file_name,
    file_sha256,
    cast(null as bigint) as row_number,
    cast(null as timestamp) as version_at,
    probes as row_count,
    probe_day as first_day,
    probe_day as last_day
  from {{ ref('int_daily_probes__aggregated') }}
  union all
  select
    'integration' as entity_type,
    integrations.integration_id as entity_id,
    'sla' as source,
    'upptime_summary' as entity,
    listed.slug || '|' || cast(listed.day as {{ dbt.type_string() }}) as primary_key,
    {{ row_reference('listed') }},
    1 as row_count,
    listed.day as first_day,
    listed.day as last_day
  from {{ ref('int_integrations__resolved') }} as integrations
  inner join {{ ref('int_upptime_days__resolved') }} as listed
    on trim(integrations.component) = trim(listed.slug)
),

partners as (
  select
    {{ evidence_row('partner', 'partner_id', 'prm', 'partner', 'partner_id', 'partner') }}
  from {{ ref('int_partners__resolved') }} as partner
  union all
  select
    'partner' as entity_type,
    partner_id as entity_id,
    source,
    entity,
    primary_key,
    file_name,
    file_sha256,
    row_number,
    version_at,
    1 as row_count,
    happened_on as first_day,
    -- A certificate counts as an event for a while, and as a certificate while it is valid.
    case
      when entity <> 'certification'
        then {{ add_days('happened_on', 'settings.active_partner_window_days - 1') }}
    end as last_day
  from {{ ref('int_qualifying_events__collected') }}
  cross join settings
),

responses as (
  select
    {{ evidence_row('response', 'response_id', 'survey', 'response', 'response_id', 'response') }}
  from {{ ref('int_responses__resolved') }} as response
),

-- A partner's first deal answers whether and when it had one, also on the days that ask for it.
first_deals as (
  select
    'partner' as entity_type,
    deals.partner_id as entity_id,
    opportunities.source,
    opportunities.entity,
    opportunities.primary_key,
    opportunities.file_name,
    opportunities.file_sha256,
    opportunities.row_number,
    opportunities.version_at,
    opportunities.row_count,
    deals.won_on as first_day,
    greatest(deals.won_on, {{ add_days('deals.contract_start', 90) }}) as last_day
  from {{ ref('int_first_deals__derived') }} as deals
  inner join opportunities on deals.opportunity_id = opportunities.entity_id
),

accounts as (
  select
    'account' as entity_type,
    matched.account_id as entity_id,
    account.source,
    account.entity,
    account.primary_key,
    {{ row_reference('account') }},
    1 as row_count,
    cast(null as date) as first_day,
    cast(null as date) as last_day
  from {{ ref('int_accounts__resolved') }} as account
  inner join {{ ref('int_accounts__matched') }} as matched
    on matched.named_by = 'id' and account.account_id = matched.named_id
  union all
  select
    'account' as entity_type,
    customers.account_id as entity_id,
    opportunities.source,
    opportunities.entity,
    opportunities.primary_key,
    opportunities.file_name,
    opportunities.file_sha256,
    opportunities.row_number,
    opportunities.version_at,
    opportunities.row_count,
    customers.won_on as first_day,
    customers.won_on as last_day
  from {{ ref('int_new_customers__derived') }} as customers
  inner join opportunities on customers.opportunity_id = opportunities.entity_id
  union all
  select
    'account' as entity_type,
    account_id as entity_id,
    'telemetry' as source,
    'event' as entity,
    activation_message_id as primary_key,
    activation_file_name as file_name,
    activation_file_sha256 as file_sha256,
    activation_row_number as row_number,
    cast(null as timestamp) as version_at,
    1 as row_count,
    activated_on as first_day,
    activated_on as last_day
  from {{ ref('int_installations__derived') }}
  where activated_at is not null
),

programme_costs as (
  select
    {{ evidence_row('programme_cost', 'cost_id', 'prm', 'programme_cost', 'cost_id', 'cost') }}
  from {{ ref('int_programme_costs__resolved') }} as cost
),

usage as (
  select
    entity_type,
    entity_id,
    'telemetry' as source,
    'event' as entity,
    cast(null as {{ dbt.type_string() }}) as primary_key,
    file_name,
    file_sha256,
    cast(null as bigint) as row_number,
    cast(null as timestamp) as version_at,
    row_count,
    first_day,
    last_day
  from {{ ref('int_usage_sources__listed') }}
),

incidents as (
  select
    {{ evidence_row('incident', 'incident_id', 'sla', 'statuspage_incident', 'incident_id', 'incident') }}
  from {{ ref('int_incidents__resolved') }} as incident
),

tickets as (
  select
    {{ evidence_row('ticket', 'ticket_id', 'support', 'zendesk_ticket', 'ticket_id', 'ticket') }}
  from {{ ref('int_tickets__resolved') }} as ticket
),

referrals as (
  select
    {{ evidence_row('referral', 'referral_id', 'prm', 'referral', 'referral_id', 'referral') }}
  from {{ ref('int_referrals__resolved') }} as referral
  union all
  -- A commission that partners share is one thing for each of them.
  select
    {{ evidence_row('referral', 'lines.line_id', 'prm', 'referral', 'referral.referral_id', 'referral') }}
  from {{ ref('int_commissions__shared') }} as lines
  inner join {{ ref('int_referrals__resolved') }} as referral
    on lines.referral_id = referral.referral_id
  where lines.line_id <> lines.referral_id
),

-- A conflict has two sides: on the day of submission the other one's registration counts too.
deal_registrations as (
  select
    {{ evidence_row('deal_registration', 'registration_id', 'prm', 'deal_registration', 'registration_id', 'registration') }}
  from {{ ref('int_deal_registrations__resolved') }} as registration
  union all
  select
    {{ evidence_row(
      'deal_registration', 'conflicts.registration_id', 'prm', 'deal_registration', 'held.registration_id',
      'held', 'conflicts.submitted_on', 'conflicts.submitted_on'
    ) }}
  from {{ ref('int_channel_conflicts__matched') }} as conflicts
  inner join {{ ref('int_deal_registrations__resolved') }} as held
    on conflicts.held_registration_id = held.registration_id
),

contracts as (
  select
    'contract' as entity_type,
    contract_id as entity_id,
    'prm' as source,
    'partner' as entity,
    partner_id as primary_key,
    file_name,
    file_sha256,
    row_number,
    version_at,
    1 as row_count,
    {{ any_day }}
  from {{ ref('int_contract_versions__matched') }}
),

commission_payments as (
  select
    {{ evidence_row('commission_payment', 'payment_id', 'prm', 'commission_payment', 'payment_id', 'payment') }}
  from {{ ref('int_commission_payments__resolved') }} as payment
),

people as (
  select
    {{ evidence_row(
      'person', 'coalesce(response.lead_id, response.contact_id, response.campaign_member_id)', 'salesforce',
      'campaign_member', 'response.campaign_member_id', 'member', 'response.responded_on', 'response.responded_on'
    ) }}
  from {{ ref('int_campaign_responses__collected') }} as response
  inner join {{ ref('int_campaign_members__resolved') }} as member
    on response.campaign_member_id = member.campaign_member_id
),

campaigns as (
  select
    {{ evidence_row('campaign', 'campaign_id', 'salesforce', 'campaign', 'campaign_id', 'campaign') }}
  from {{ ref('int_campaigns__resolved') }} as campaign
  union all
  select
    'campaign' as entity_type,
    wins.campaign_id as entity_id,
    opportunities.source,
    opportunities.entity,
    opportunities.primary_key,
    opportunities.file_name,
    opportunities.file_sha256,
    opportunities.row_number,
    opportunities.version_at,
    opportunities.row_count,
    {{ any_day }}
  from {{ ref('int_campaign_wins__converted') }} as wins
  inner join opportunities on wins.opportunity_id = opportunities.entity_id
),

mdf_claims as (
  select
    {{ evidence_row('mdf_claim', 'claim_id', 'prm', 'mdf_claim', 'claim_id', 'claim') }}
  from {{ ref('int_mdf_claims__resolved') }} as claim
),

content_uses as (
  select
    {{ evidence_row('content_use', 'event_id', 'prm', 'content_use', 'event_id', 'used') }}
  from {{ ref('int_content_uses__resolved') }} as used
),

onboarding_steps as (
  select
    {{ evidence_row('onboarding_step', 'step_id', 'prm', 'onboarding_step', 'step_id', 'step') }}
  from {{ ref('int_onboarding_steps__resolved') }} as step
),

roadmap_items as (
  select
    {{ evidence_row('roadmap_item', 'item_id', 'roadmap', 'item', 'item_id', 'item') }}
  from {{ ref('int_roadmap_items__resolved') }} as item
),

combined as (
  select * from opportunities
  union all
  select * from installations
  union all
  select * from integrations
  union all
  select * from partners
  union all
  select * from responses
  union all
  select * from first_deals
  union all
  select * from accounts
  union all
  select * from programme_costs
  union all
  select * from usage
  union all
  select * from incidents
  union all
  select * from tickets
  union all
  select * from referrals
  union all
  select * from commission_payments
  union all
  select * from people
  union all
  select * from campaigns
  union all
  select * from mdf_claims
  union all
  select * from content_uses
  union all
  select * from deal_registrations
  union all
  select * from contracts
  union all
  select * from onboarding_steps
  union all
  select * from roadmap_items
)

select distinct
  entity_type,
  entity_id,
  source,
  entity,
  primary_key,
  file_name,
  file_sha256,
  row_number,
  version_at,
  cast(row_count as bigint) as row_count,
  first_day,
  last_day
from combined
