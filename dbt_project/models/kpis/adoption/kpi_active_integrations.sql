-- Each installation on each balance day in whose window one of its calls succeeded.
select
  {{ kpi_observation_columns(
    kpi_id='active_integrations',
    observed_on='day',
    partner_id='partner_id',
    entity_type='active_installation',
    entity_id="account_id || '|' || integration_id",
    numerator='1',
    denominator='1'
  ) }}
from {{ ref('int_usage_windows__listed') }}
-- The other rows are features.
where integration_id is not null
