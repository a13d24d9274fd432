-- Whose integrations each incident of a status page hit: one row per incident and partner. Incidents of
-- impact minor, major or critical count, and components that an integration of the registry names.
-- Integrations of nobody known share one row without partner_id.
with incidents as (
  select
    incident_id,
    coalesce(nullif(trim(page_id), ''), 'default') as page_id,
    coalesce(started_at, created_at) as started_at,
    resolved_at,
    components
  from {{ ref('int_incidents__resolved') }}
  where impact in ('minor', 'major', 'critical')
),

affected as (
  {{ json_texts_of('incidents', 'components', ['incident_id', 'page_id', 'started_at', 'resolved_at']) }}
)

select distinct
  affected.incident_id,
  owners.partner_id,
  affected.started_at,
  affected.resolved_at
from affected
inner join {{ ref('int_integration_pages__picked') }} as pages
  on
    affected.page_id = pages.page_id
    and affected.item = pages.component
inner join {{ ref('int_integration_partners__identified') }} as owners
  on pages.integration_id = owners.integration_id
