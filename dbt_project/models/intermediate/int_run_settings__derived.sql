-- One row: the settings of this run, and the UTC moment at which as_of ends.
{{ config(materialized='view') }}

select
  settings.*,
  {{ local_day_starts_at(add_days('settings.as_of', 1)) }} as as_of_ends_at
from {{ source('control', 'run_settings') }} as settings
