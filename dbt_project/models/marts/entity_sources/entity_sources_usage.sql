-- The telemetry files behind what is observed of use, and how many of their rows tell of it: events are
-- too many to be named one by one. A view: what it reads has numbers for names, and writing names is
-- dearer than looking them up.
{{ config(materialized='view') }}

with counted as (
  select * from {{ ref('int_usage_files__counted') }}
),

account_names as (
  select distinct
    account_number,
    account_id
  from {{ ref('int_usage_accounts__matched') }}
),

integrations as (
  select * from {{ ref('int_integration_partners__identified') }}
),

partner_names as (
  select distinct
    partner_number,
    named_partner_id
  from integrations
),

named as (
  select
    counted.*,
    account_names.account_id || '|' || integrations.integration_id as entity_id
  from counted
  inner join account_names on counted.account_number = account_names.account_number
  inner join integrations on counted.integration_number = integrations.integration_number
  where counted.entity_type = 'active_installation'
  union all
  select
    counted.*,
    account_names.account_id || '|' || partner_names.named_partner_id as entity_id
  from counted
  inner join account_names on counted.account_number = account_names.account_number
  inner join partner_names on counted.partner_number = partner_names.partner_number
  where counted.entity_type = 'account_of_partner'
  union all
  select
    counted.*,
    integrations.integration_id as entity_id
  from counted
  inner join integrations on counted.integration_number = integrations.integration_number
  where counted.entity_type = 'integration_calls'
)

select
  named.entity_type,
  named.entity_id,
  'telemetry' as source,
  'event' as entity,
  cast(null as {{ dbt.type_string() }}) as primary_key,
  files.file_name,
  files.file_sha256,
  cast(null as {{ dbt.type_bigint() }}) as row_number,
  cast(null as {{ dbt.type_timestamp() }}) as version_at,
  named.row_count,
  named.first_day,
  named.last_day
from named
inner join {{ source('control', 'landed_files') }} as files on named.landed_seq = files.landed_seq
