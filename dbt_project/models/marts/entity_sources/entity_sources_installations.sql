-- The file rows behind installations: the event that starts each and the one that activates it, which
-- also makes its account an activated one on that day. A view: it only lists again what installations
-- know.
{{ config(materialized='view') }}

with starts as (
  select
    installation_id,
    'telemetry' as source,
    'event' as entity,
    start_message_id as primary_key,
    start_file_name as file_name,
    start_file_sha256 as file_sha256,
    start_row_number as row_number,
    cast(null as {{ dbt.type_timestamp() }}) as version_at
  from {{ ref('int_installations__derived') }}
),

activations as (
  select
    account_id,
    installation_id,
    activated_on,
    'telemetry' as source,
    'event' as entity,
    activation_message_id as primary_key,
    activation_file_name as file_name,
    activation_file_sha256 as file_sha256,
    activation_row_number as row_number,
    cast(null as {{ dbt.type_timestamp() }}) as version_at,
    -- An event that is named as both is one row.
    activation_file_name is not distinct from start_file_name
    and activation_file_sha256 is not distinct from start_file_sha256
    and activation_row_number is not distinct from start_row_number as is_start
  from {{ ref('int_installations__derived') }}
  where activated_at is not null
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
