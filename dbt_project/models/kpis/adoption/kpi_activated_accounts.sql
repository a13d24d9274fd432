-- Each account on the day on which it first activated an integration of a partner.
select
  {{ kpi_observation_columns(
    kpi_id='activated_accounts',
    observed_on='activated_on',
    partner_id='partner_id',
    entity_type='account',
    entity_id='account_id',
    numerator='1',
    denominator='1'
  ) }}
from {{ ref('int_account_partners__derived') }}
where activated_on is not null
