-- Each end of a contract, 30 days later: whether the partner has renewed by then.
with contracts as (
  select
    contract_id,
    partner_id,
    settled_on,
    max(case when is_renewal then 1 else 0 end) as is_renewed
  from {{ ref('int_contract_versions__matched') }}
  group by contract_id, partner_id, settled_on
)

select
  {{ kpi_observation_columns(
    kpi_id='renewal_rate',
    observed_on='settled_on',
    partner_id='partner_id',
    entity_type='contract',
    entity_id='contract_id',
    numerator='is_renewed',
    denominator='1'
  ) }}
from contracts
