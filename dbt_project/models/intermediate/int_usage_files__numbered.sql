-- The files of telemetry that tell of use, each with a number that stands for it while the many rows of
-- use are grouped: names and digests of files are long.
with files as (
  select distinct
    file_name,
    file_sha256
  from {{ ref('int_daily_usage__aggregated') }}
)

select
  file_name,
  file_sha256,
  cast(row_number() over (order by file_sha256 asc, file_name asc) as {{ dbt.type_int() }}) as file_number
from files
