-- Each installation on each balance day in whose window one of its calls succeeded.
with account_names as (
  select distinct
    account_number,
    account_id
  from {{ ref('int_usage_accounts__matched') }}
)

select
  {{ kpi_observation_columns(
    kpi_id='active_integrations',
    observed_on='windows.day',
    partner_id='owners.partner_id',
    entity_type='active_installation',
    entity_id="account_names.account_id || '|' || owners.integration_id",
    numerator='1',
    denominator='1'
  ) }}
from {{ ref('int_usage_windows__listed') }} as windows
inner join account_names on windows.account_number = account_names.account_number
-- The other rows are features.
inner join {{ ref('int_integration_partners__identified') }} as owners
  on windows.integration_number = owners.integration_number
