-- What the data says about itself where the definitions of kpis.md ask for it: one row per rule and
-- subject, with a sentence in English and in German.
with stages as (
  select
    case when is_contradicted then 'stage_flags_contradict' else 'stage_unknown' end as finding,
    case when is_of_hubspot then 'hubspot' else 'salesforce' end as source,
    case
      when is_of_hubspot then 'deal_pipeline_stage'
      when is_contradicted then 'opportunity'
      else 'opportunity_history'
    end as entity,
    stage_label as subject,
    case
      when is_contradicted
        then 'Stage "' || stage_name || '" carries different closed and won flags; the newest row counts. Mend the flags in the CRM or list the stage in closed_won_stages or closed_lost_stages.'
      when is_of_hubspot
        then 'No pipeline of HubSpot has the stage "' || stage_label || '" that deals are in; it counts as open. Land hubspot/deal_pipeline_stage anew.'
      else 'No opportunity carries stage "' || stage_name || '" of the history; it counts as open. List it in closed_won_stages or closed_lost_stages if it closes a deal.'
    end as message_en,
    case
      when is_contradicted
        then 'Die Phase "' || stage_name || '" trägt widersprüchliche Kennzeichen für geschlossen und gewonnen; es zählt die neueste Zeile. Bitte berichtigen Sie die Kennzeichen im CRM oder nennen Sie die Phase in closed_won_stages oder closed_lost_stages.'
      when is_of_hubspot
        then 'Keine Pipeline aus HubSpot hat die Phase "' || stage_label || '", in der Deals stehen; sie gilt als offen. Bitte legen Sie hubspot/deal_pipeline_stage neu ab.'
      else 'Keine Opportunity trägt die Phase "' || stage_name || '" aus der Historie; sie gilt als offen. Bitte nennen Sie sie in closed_won_stages oder closed_lost_stages, falls sie ein Geschäft abschließt.'
    end as message_de,
    1 as row_count
  from {{ ref('int_stages__classified') }}
  where is_contradicted or is_uncarried
),

states as (
  select
    'opportunity_differs_from_history' as finding,
    source,
    entity,
    opportunity_id as subject,
    'Opportunity ' || opportunity_id || ' is newer than its last history row and differs from it; its own stage and amount count. Export the history again.' as message_en,
    'Die Opportunity ' || opportunity_id || ' ist neuer als ihre letzte Zeile der Historie und weicht von ihr ab; es zählen ihre eigene Phase und ihr eigener Betrag. Bitte exportieren Sie die Historie erneut.' as message_de,
    1 as row_count
  from {{ ref('int_opportunities__stated') }}
  where is_own_state_different
),

converted as (
  select
    'opportunity' as entity_type,
    opportunity_id as entity_id,
    currency,
    day,
    rate_on,
    amount_reporting
  from {{ ref('int_open_amounts__converted') }}
  union all
  select
    'opportunity' as entity_type,
    opportunity_id as entity_id,
    currency,
    closed_on as day,
    rate_on,
    amount_reporting
  from {{ ref('int_won_opportunities__converted') }}
  union all
  select
    'opportunity' as entity_type,
    opportunity_id as entity_id,
    currency,
    created_on as day,
    rate_on,
    amount_reporting
  from {{ ref('int_sourced_opportunities__converted') }}
  union all
  select
    'programme_cost' as entity_type,
    cost_id as entity_id,
    currency,
    month_on as day,
    rate_on,
    amount_reporting
  from {{ ref('int_programme_costs__converted') }}
  union all
  select
    'campaign' as entity_type,
    campaign_id as entity_id,
    currency,
    ends_on as day,
    rate_on,
    cost_reporting as amount_reporting
  from {{ ref('int_campaigns__converted') }}
  union all
  select
    'opportunity' as entity_type,
    opportunity_id as entity_id,
    currency,
    ends_on as day,
    rate_on,
    amount_reporting
  from {{ ref('int_campaign_wins__converted') }}
  union all
  select
    'mdf_claim' as entity_type,
    claim_id as entity_id,
    currency,
    decided_on as day,
    rate_on,
    approved_reporting as amount_reporting
  from {{ ref('int_mdf_claims__converted') }}
),

amounts as (
  select
    entity_type || '|' || entity_id as amount_id,
    currency,
    amount_reporting is null as is_rate_missing,
    {{ dbt.datediff('rate_on', 'day', 'day') }} as age_days
  from converted
),

rates as (
  select
    'exchange_rate_missing' as finding,
    'finance' as source,
    'ecb_rate' as entity,
    currency as subject,
    cast(count(distinct amount_id) as {{ dbt.type_string() }}) || ' amounts in ' || currency || ' stay out of money KPIs on days without an exchange rate. Land an ECB file that holds ' || currency || '.' as message_en,
    cast(count(distinct amount_id) as {{ dbt.type_string() }}) || ' Beträge in ' || currency || ' bleiben an Tagen ohne Wechselkurs außerhalb der Geldkennzahlen. Bitte legen Sie eine EZB-Datei ab, die ' || currency || ' enthält.' as message_de,
    count(distinct amount_id) as row_count
  from amounts
  where is_rate_missing
  group by currency
  union all
  select
    'exchange_rate_old' as finding,
    'finance' as source,
    'ecb_rate' as entity,
    currency as subject,
    'Amounts in ' || currency || ' were converted at rates more than 10 days old, the oldest by ' || cast(max(age_days) as {{ dbt.type_string() }}) || ' days. Land a newer ECB file.' as message_en,
    'Beträge in ' || currency || ' wurden mit Kursen umgerechnet, die älter als 10 Tage waren, der älteste um ' || cast(max(age_days) as {{ dbt.type_string() }}) || ' Tage. Bitte legen Sie eine neuere EZB-Datei ab.' as message_de,
    count(distinct amount_id) as row_count
  from amounts
  where age_days > 10
  group by currency
),

unknown_partners as (
  select
    'partner_unknown' as finding,
    source,
    entity,
    partner_ref as subject,
    'Touches name "' || partner_ref || '", which is no partner of the registry; they count for the programme only. Add the partner to prm/partner.' as message_en,
    'Kontakte nennen "' || partner_ref || '"; das ist kein Partner des Registers. Sie zählen nur für das Programm. Bitte ergänzen Sie den Partner in prm/partner.' as message_de,
    count(*) as row_count
  from {{ ref('int_partner_touches__judged') }}
  where partner_id is null
  group by source, entity, partner_ref
  union all
  select
    'partner_unknown' as finding,
    'registry' as source,
    'integration' as entity,
    integrations.partner_id as subject,
    'Integrations name partner "' || integrations.partner_id || '", which is not in the registry; they count for the programme only. Add the partner to prm/partner.' as message_en,
    'Integrationen nennen den Partner "' || integrations.partner_id || '", der nicht im Register steht; sie zählen nur für das Programm. Bitte ergänzen Sie den Partner in prm/partner.' as message_de,
    count(*) as row_count
  from {{ ref('int_integrations__resolved') }} as integrations
  left join {{ ref('int_partners__resolved') }} as partners
    on integrations.partner_id = partners.partner_id
  where partners.partner_id is null
  group by integrations.partner_id
  union all
  select
    'partner_unknown' as finding,
    named.source,
    named.entity,
    named.partner_id as subject,
    'Rows name partner "' || named.partner_id || '", which is not in the registry; they count for the programme at most. Add the partner to prm/partner.' as message_en,
    'Zeilen nennen den Partner "' || named.partner_id || '", der nicht im Register steht; sie zählen höchstens für das Programm. Bitte ergänzen Sie den Partner in prm/partner.' as message_de,
    count(*) as row_count
  from (
    select 'survey' as source, 'response' as entity, partner_id from {{ ref('int_responses__resolved') }}
    union all
    select 'lms' as source, 'certification' as entity, partner_id from {{ ref('int_certifications__resolved') }}
    union all
    select 'prm' as source, 'mdf_claim' as entity, partner_id from {{ ref('int_mdf_claims__resolved') }}
    union all
    select 'prm' as source, 'content_use' as entity, partner_id from {{ ref('int_content_uses__resolved') }}
    union all
    select 'prm' as source, 'commission_payment' as entity, partner_id from {{ ref('int_commission_payments__resolved') }}
    union all
    select 'prm' as source, 'onboarding_step' as entity, partner_id from {{ ref('int_onboarding_steps__resolved') }}
    union all
    select 'roadmap' as source, 'item' as entity, partner_id from {{ ref('int_roadmap_items__resolved') }}
    union all
    select 'qbr' as source, 'action' as entity, partner_id from {{ ref('int_actions__resolved') }}
  ) as named
  left join {{ ref('int_partners__resolved') }} as partners
    on named.partner_id = partners.partner_id
  where named.partner_id is not null and partners.partner_id is null
  group by named.source, named.entity, named.partner_id
),

used as (
  select
    'sla' as source,
    'probe' as entity,
    integration_id,
    cast(sum(probes) as bigint) as row_count
  from {{ ref('int_daily_probes__aggregated') }}
  group by integration_id
  union all
  select
    'telemetry' as source,
    'event' as entity,
    integration_id,
    cast(sum(events) as bigint) as row_count
  from {{ ref('int_daily_usage__aggregated') }}
  where integration_id is not null
  group by integration_id
),

unknown_integrations as (
  select
    'integration_unknown' as finding,
    used.source,
    used.entity,
    used.integration_id as subject,
    'Integration "' || used.integration_id || '" is not registered; what it does counts for the programme at most. Add it to registry/integration.' as message_en,
    'Die Integration "' || used.integration_id || '" ist nicht registriert; was sie tut, zählt höchstens für das Programm. Bitte ergänzen Sie sie in registry/integration.' as message_de,
    used.row_count
  from used
  left join {{ ref('int_integrations__resolved') }} as integrations
    on used.integration_id = integrations.integration_id
  where integrations.integration_id is null
),

-- Where an Upptime summary speaks for a component, nobody misses a status page.
upptime_slugs as (
  select distinct trim(slug) as slug from {{ ref('int_upptime_days__resolved') }}
),

pages as (
  select
    case
      when is_ambiguous then 'status_page_ambiguous'
      when is_page_missing then 'status_page_missing'
      else 'status_component_unnamed'
    end as finding,
    'registry' as source,
    'integration' as entity,
    integration_id as subject,
    case
      when is_ambiguous
        then 'Several status pages are landed and integration "' || integration_id || '" names none; its status page does not count. Fill in status_page in registry/integration.'
      when is_page_missing
        then 'Nothing is landed of the status page that integration "' || integration_id || '" names. Land its incidents or mend status_page in registry/integration.'
      else 'No incident or maintenance names component "' || component || '" of integration "' || integration_id || '"; without probes it counts as up. Check the component in registry/integration.'
    end as message_en,
    case
      when is_ambiguous
        then 'Mehrere Statusseiten liegen vor, und die Integration "' || integration_id || '" nennt keine; ihre Statusseite zählt nicht. Bitte füllen Sie status_page in registry/integration aus.'
      when is_page_missing
        then 'Von der Statusseite, welche die Integration "' || integration_id || '" nennt, liegt nichts vor. Bitte legen Sie deren Störungen ab oder berichtigen Sie status_page in registry/integration.'
      else 'Keine Störung oder Wartung nennt die Komponente "' || component || '" der Integration "' || integration_id || '"; ohne Messungen gilt sie als verfügbar. Bitte prüfen Sie die Komponente in registry/integration.'
    end as message_de,
    1 as row_count
  from {{ ref('int_integration_pages__picked') }}
  where
    is_ambiguous
    or is_component_unnamed
    or (is_page_missing and component not in (select slug from upptime_slugs))
),

commissions as (
  select
    finding,
    'prm' as source,
    'referral' as entity,
    case
      when finding = 'commission_payee_unknown' then subject
      else subject || ' ' || {{ percent_text('rate') }}
    end as subject,
    case
      when finding = 'commission_payee_unknown'
        then 'The commission "' || subject || '" (referral|payee) is split to somebody who is no partner of the registry; no statement holds it. Mend the split in config/policies.yml or add the partner to prm/partner.'
      else 'Referrals of involvement "' || subject || '" are paid ' || {{ percent_text('rate') }} || ' and should be paid between ' || {{ percent_text('corridor_low') }} || ' and ' || {{ percent_text('corridor_high') }} || '. Check involvement and corridors of the commission in config/policies.yml.'
    end as message_en,
    case
      when finding = 'commission_payee_unknown'
        then 'Die Provision "' || subject || '" (Empfehlung|Empfänger) geht zum Teil an jemanden, der kein Partner des Registers ist; keine Abrechnung enthält sie. Bitte berichtigen Sie die Aufteilung in config/policies.yml oder ergänzen Sie den Partner in prm/partner.'
      else 'Empfehlungen der Beteiligung "' || subject || '" werden mit ' || {{ percent_text('rate', 'de') }} || ' vergütet; vorgesehen sind ' || {{ percent_text('corridor_low', 'de') }} || ' bis ' || {{ percent_text('corridor_high', 'de') }} || '. Bitte prüfen Sie involvement und corridors der Provision in config/policies.yml.'
    end as message_de,
    referrals as row_count
  from {{ ref('int_commission_policies__doubted') }}
),

combined as (
  select * from stages
  union all
  select * from states
  union all
  select * from rates
  union all
  select * from unknown_partners
  union all
  select * from unknown_integrations
  union all
  select * from pages
  union all
  select * from commissions
)

select
  combined.finding,
  'warning' as severity,
  combined.source,
  combined.entity,
  combined.subject,
  combined.message_en,
  combined.message_de,
  cast(combined.row_count as bigint) as row_count
from combined
