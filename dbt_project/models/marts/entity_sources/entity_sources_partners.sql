-- The file rows behind partners and their contracts: what the programme says of them, their signs of
-- life, and their first deals.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

partners as (
  select
    {{ evidence_row('partner', 'partner_id', 'prm', 'partner', 'partner_id', 'partner') }}
  from {{ ref('int_partners__resolved') }} as partner
),

-- A certificate counts as an event for a while, and as a certificate while it is valid.
signs_of_life as (
  select
    events.*,
    case
      when events.entity <> 'certification'
        then {{ add_days('events.happened_on', 'settings.active_partner_window_days - 1') }}
    end as counts_until
  from {{ ref('int_qualifying_events__collected') }} as events
  cross join settings
),

active_partners as (
  select
    {{ named_evidence_row(
      'partner', 'signs_of_life.partner_id', 'signs_of_life', 'signs_of_life.happened_on', 'signs_of_life.counts_until'
    ) }}
  from signs_of_life
),

-- A partner's first deal answers whether and when it had one, also on the days that ask for it.
first_deals as (
  select
    {{ named_evidence_row(
      'partner', 'deals.partner_id', 'origins', 'deals.won_on',
      'greatest(deals.won_on, ' ~ add_days('deals.contract_start', 90) ~ ')'
    ) }}
  from {{ ref('int_first_deals__derived') }} as deals
  inner join {{ ref('entity_sources_opportunities') }} as origins
    on deals.opportunity_id = origins.entity_id
),

contract_versions as (
  select
    *,
    'prm' as source,
    'partner' as entity,
    partner_id as primary_key
  from {{ ref('int_contract_versions__matched') }}
),

contracts as (
  select
    {{ named_evidence_row('contract', 'contract_versions.contract_id', 'contract_versions') }}
  from contract_versions
)

select * from partners
union
select * from active_partners
union
select * from first_deals
union
select * from contracts
