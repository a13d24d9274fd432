-- Which status page and component speak for each registered integration: one row per integration
-- that names a component. page_id is null when no page is landed, the named one is not, or several
-- are and none is named.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

items as (
  select
    coalesce(nullif(trim(page_id), ''), 'default') as page_id,
    {{ local_date('coalesce(started_at, created_at)') }} as day,
    components
  from {{ ref('int_incidents__resolved') }}
  cross join settings
  union all
  select
    coalesce(nullif(trim(page_id), ''), 'default') as page_id,
    {{ local_date('scheduled_for') }} as day,
    components
  from {{ ref('int_maintenances__resolved') }}
  cross join settings
),

pages as (
  select
    page_id,
    min(day) as first_day
  from items
  group by page_id
),

named_components as (
  select distinct
    page_id,
    item as component
  from ({{ json_texts_of('items', 'components', ['page_id']) }}) as listed
),

landed as (
  select
    count(*) as pages,
    min(page_id) as only_page_id
  from pages
),

named as (
  select
    integration_id,
    released_on,
    trim(component) as component,
    nullif(trim(status_page), '') as status_page
  from {{ ref('int_integrations__resolved') }}
  where trim(component) <> ''
)

select
  named.integration_id,
  named.component,
  pages.page_id,
  greatest(pages.first_day, named.released_on) as watched_from,
  named.status_page is null and landed.pages > 1 as is_ambiguous,
  named.status_page is not null and pages.page_id is null and landed.pages > 0 as is_page_missing,
  pages.page_id is not null and named_components.component is null as is_component_unnamed
from named
cross join landed
left join pages
  on
    pages.page_id = coalesce(
      named.status_page,
      case when landed.pages = 1 then landed.only_page_id end
    )
left join named_components
  on
    pages.page_id = named_components.page_id
    and named.component = named_components.component
