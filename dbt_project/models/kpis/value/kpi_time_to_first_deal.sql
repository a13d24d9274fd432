-- Each partner with its first influenced deal, if its contract still held on that day: days from the
-- beginning of the contract.
select
  {{ kpi_observation_columns(
    kpi_id='time_to_first_deal',
    observed_on='won_on',
    partner_id='partner_id',
    entity_type='partner',
    entity_id='partner_id',
    numerator=dbt.datediff('contract_start', 'won_on', 'day'),
    denominator='1'
  ) }}
from {{ ref('int_first_deals__derived') }}
where
  won_on is not null
  and (ended_on is null or ended_on > won_on)
