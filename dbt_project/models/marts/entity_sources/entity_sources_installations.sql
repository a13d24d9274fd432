-- The file rows behind installations: the event that starts each and the one that activates it, which
-- also makes its account an activated one on that day. A view: it only lists again what installations
-- know.
{{ config(materialized='view') }}

with files as (
  select * from {{ source('control', 'landed_files') }}
),

starts as (
  select
    installations.installation_id,
    'telemetry' as source,
    'event' as entity,
    installations.start_message_id as primary_key,
    files.file_name,
    files.file_sha256,
    installations.start_row_number as row_number,
    cast(null as {{ dbt.type_timestamp() }}) as version_at
  from {{ ref('int_installations__derived') }} as installations
  inner join files on installations.start_landed_seq = files.landed_seq
),

activations as (
  select
    installations.account_id,
    installations.installation_id,
    installations.activated_on,
    'telemetry' as source,
    'event' as entity,
    installations.activation_message_id as primary_key,
    files.file_name,
    files.file_sha256,
    installations.activation_row_number as row_number,
    cast(null as {{ dbt.type_timestamp() }}) as version_at,
    -- An event that is named as both is one row.
    installations.activation_landed_seq = installations.start_landed_seq
    and installations.activation_row_number is not distinct from installations.start_row_number as is_start
  from {{ ref('int_installations__derived') }} as installations
  inner join files on installations.activation_landed_seq = files.landed_seq
  where installations.activated_at is not null
)

select
  {{ named_evidence_row('installation', 'starts.installation_id', 'starts') }}
from starts
union all
select
  {{ named_evidence_row('installation', 'activations.installation_id', 'activations') }}
from activations
where not activations.is_start
union all
select
  {{ named_evidence_row(
    'account', 'activations.account_id', 'activations', 'activations.activated_on', 'activations.activated_on'
  ) }}
from activations
