-- The file rows behind integrations and their incidents: the registry, and what monitoring saw on which
-- days. Probes are too many to be named one by one: a file is named with how many of its rows count.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

status_items as (
  select
    'sla' as source,
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
    'sla' as source,
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
    'source', 'entity', 'primary_key', 'page_id', 'first_day', 'last_day', 'file_name', 'file_sha256',
    'row_number', 'version_at'
  ]) }}
),

integrations as (
  select
    {{ evidence_row('integration', 'integration_id', 'registry', 'integration', 'integration_id', 'integration') }}
  from {{ ref('int_integrations__resolved') }} as integration
  union all
  select
    {{ named_evidence_row(
      'integration', 'pages.integration_id', 'status_rows', 'status_rows.first_day', 'status_rows.last_day'
    ) }}
  from {{ ref('int_integration_pages__picked') }} as pages
  inner join status_rows
    on
      pages.page_id = status_rows.page_id
      and pages.component = status_rows.item
  union all
  select
    {{ evidence_row(
      'integration', 'integrations.integration_id', 'sla', 'upptime_summary',
      "listed.slug || '|' || cast(listed.day as " ~ dbt.type_string() ~ ')', 'listed', 'listed.day', 'listed.day'
    ) }}
  from {{ ref('int_integrations__resolved') }} as integrations
  inner join {{ ref('int_upptime_days__resolved') }} as listed
    on trim(integrations.component) = trim(listed.slug)
),

probes as (
  select
    'integration' as entity_type,
    integration_id as entity_id,
    'sla' as source,
    'probe' as entity,
    cast(null as {{ dbt.type_string() }}) as primary_key,
    file_name,
    file_sha256,
    cast(null as {{ dbt.type_bigint() }}) as row_number,
    cast(null as {{ dbt.type_timestamp() }}) as version_at,
    probes as row_count,
    probe_day as first_day,
    probe_day as last_day
  from {{ ref('int_daily_probes__aggregated') }}
),

incidents as (
  select
    {{ evidence_row('incident', 'incident_id', 'sla', 'statuspage_incident', 'incident_id', 'incident') }}
  from {{ ref('int_incidents__resolved') }} as incident
)

select * from integrations
union
select * from probes
union
select * from incidents
