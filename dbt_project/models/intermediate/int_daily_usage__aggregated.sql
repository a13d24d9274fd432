-- What accounts did with integrations: one row per account, integration, feature, event, day and
-- file, which its landing number stands for. Only events that a policy names. Days are UTC days (event_day), by which a run recomputes what
-- its new files touch, cut at local midnight (used_on), by which use counts.
-- Start and activation rows carry the lake row of their first event; activation rows also the first
-- one at or after the UTC day's first start of the same account and integration, so that activation
-- on the very day of the start is exact.
{{ config(
  materialized='incremental',
  incremental_strategy='delete+insert',
  unique_key='event_day',
  on_schema_change='fail',
  pre_hook="{% if is_incremental() %}delete from {{ this }} where event_day in (select day from {{ source('control', 'touched_days') }} where source = 'telemetry' and entity = 'event'){% endif %}"
) }}

{#- Events are many: each reading below takes few columns, and what only starts and activations have is
    kept apart from the many uses. -#}
{%- set keys = [
  'account_id', 'integration_id', 'feature', 'event_name', 'event_day', 'used_on', 'landed_seq'
] -%}
{%- set is_named -%}
  events._loaded_at <= settings.known_at
  and events.event_name in (
    settings.event_start, settings.event_activation, settings.event_use, settings.event_feature
  )
  {%- if is_incremental() %}
  and {{ is_touched('events.happened_at', 'telemetry', 'event') }}
  {%- endif %}
{%- endset %}
{%- set counts -%}
  count(*) as events,
    count(case when status_code < 400 then 1 end) as succeeded_events,
    count(case when status_code >= 500 then 1 end) as failed_events,
    min(happened_at) as first_at,
    max(happened_at) as last_at
{%- endset %}
{%- set message_number = row_digest(['events.message_id']) %}
{%- set is_milestone -%}
  event_name in (settings.event_start, settings.event_activation)
{%- endset %}
{%- set is_repeated -%}
  cast(events.happened_at as date) = repeated.event_day
  and events.message_id = repeated.message_id
{%- endset %}

with settings as (
  select
    settings.*,
    knowledge.known_at
  from {{ ref('int_run_settings__derived') }} as settings
  cross join {{ source('control', 'knowledge') }} as knowledge
),

-- A repeated message has the same time stamp: it is looked for within its day only. Repetitions are
-- few, so only they are put in order. They are looked for by one number for each message, which takes a
-- fraction of the memory; only those that have the number of another one are compared by themselves.
messages as (
  select {{ message_number }} as message_number
  from {{ ref('stg_telemetry__events') }} as events
  cross join settings
  where {{ is_named }}
  group by {{ message_number }}
  having count(*) > 1
),

repeated as (
  select
    cast(events.happened_at as date) as event_day,
    events.message_id
  from {{ ref('stg_telemetry__events') }} as events
  cross join settings
  where
    {{ message_number }} in (select message_number from messages)
    and {{ is_named }}
  group by 1, 2
  having count(*) > 1
),

latest_of_repeated as (
  select
    events.*,
    repeated.event_day
  from {{ ref('stg_telemetry__events') }} as events
  cross join settings
  inner join repeated on {{ is_repeated }}
  where {{ is_named }}
  qualify
    row_number() over (
      partition by repeated.event_day, events.message_id
      order by {{ version_order('events') }}
    ) = 1
),

{% for reading in ['uses', 'milestones'] -%}
{{ reading }} as (
  select
    events.account_id,
    events.integration_id,
    events.feature,
    events.event_name,
    cast(events.happened_at as date) as event_day,
    {{ local_date('events.happened_at') }} as used_on,
    cast(events._landed_seq as {{ dbt.type_int() }}) as landed_seq,
    events.status_code,
    {% if reading == 'milestones' -%}
    events.message_id,
    events._row_number as row_number,
    {% endif -%}
    events.happened_at
  from {{ ref('stg_telemetry__events') }} as events
  cross join settings
  left join repeated on {{ is_repeated }}
  where
    repeated.message_id is null
    and {{ 'not ' if reading == 'uses' }}events.{{ is_milestone }}
    and {{ is_named }}
  union all
  select
    latest.account_id,
    latest.integration_id,
    latest.feature,
    latest.event_name,
    latest.event_day,
    {{ local_date('latest.happened_at') }} as used_on,
    cast(latest._landed_seq as {{ dbt.type_int() }}) as landed_seq,
    latest.status_code,
    {% if reading == 'milestones' -%}
    latest.message_id,
    latest._row_number as row_number,
    {% endif -%}
    latest.happened_at
  from latest_of_repeated as latest
  cross join settings
  where {{ 'not ' if reading == 'uses' }}latest.{{ is_milestone }}
),

{% endfor -%}
counted_uses as (
  select
    {{ keys | join(', ') }},
    {{ counts }}
  from uses
  group by {{ keys | join(', ') }}
),

starts as (
  select
    milestones.account_id,
    milestones.integration_id,
    milestones.event_day,
    min(milestones.happened_at) as started_at
  from milestones
  cross join settings
  where milestones.event_name = settings.event_start
  group by milestones.account_id, milestones.integration_id, milestones.event_day
),

since_start as (
  select
    milestones.*,
    milestones.event_name = settings.event_activation
    and milestones.happened_at >= starts.started_at as is_after_start
  from milestones
  cross join settings
  left join starts
    on
      milestones.account_id is not distinct from starts.account_id
      and milestones.integration_id is not distinct from starts.integration_id
      and milestones.event_day = starts.event_day
),

counted_milestones as (
  select
    {{ keys | join(', ') }},
    {{ counts }},
    min({{ row_value(['happened_at', 'message_id', 'row_number']) }}) as first_row,
    min(case when is_after_start then {{ row_value(['happened_at', 'message_id', 'row_number']) }} end)
      as after_start
  from since_start
  group by {{ keys | join(', ') }}
)

select
  account_id,
  integration_id,
  feature,
  event_name,
  used_on,
  events,
  succeeded_events,
  failed_events,
  first_at,
  last_at,
  landed_seq,
  cast(null as {{ dbt.type_string() }}) as first_message_id,
  cast(null as {{ dbt.type_bigint() }}) as first_row_number,
  cast(null as {{ dbt.type_timestamp() }}) as first_at_or_after_start_at,
  cast(null as {{ dbt.type_string() }}) as after_start_message_id,
  cast(null as {{ dbt.type_bigint() }}) as after_start_row_number,
  event_day
from counted_uses
union all
select
  account_id,
  integration_id,
  feature,
  event_name,
  used_on,
  events,
  succeeded_events,
  failed_events,
  first_at,
  last_at,
  landed_seq,
  first_row.message_id as first_message_id,
  first_row.row_number as first_row_number,
  after_start.happened_at as first_at_or_after_start_at,
  after_start.message_id as after_start_message_id,
  after_start.row_number as after_start_row_number,
  event_day
from counted_milestones
