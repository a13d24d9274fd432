-- What was in use on each balance day when kpi_observations was last written: a build compares it with
-- what is in use now (int_kpi_days__changed). It is written after the observations, so that a build
-- which ends in between observes these days again.
-- depends_on: {{ ref('kpi_observations') }}
select
  day,
  day_digest
from {{ ref('int_usage_days__digested') }}
