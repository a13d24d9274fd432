-- What the programme brings, each influenced opportunity that was won, beside what it costs: each
-- booking of costs on the first day of its month.
with revenue as (
  select
    {{ kpi_observation_columns(
      kpi_id='programme_roi',
      observed_on='closed_on',
      partner_id='partner_id',
      entity_type='opportunity',
      entity_id='opportunity_id',
      numerator='amount_reporting',
      denominator='0'
    ) }}
  from {{ ref('int_influenced_wins__listed') }}
  where amount_reporting is not null
),

costs as (
  select
    {{ kpi_observation_columns(
      kpi_id='programme_roi',
      observed_on='month_on',
      partner_id='null',
      entity_type='programme_cost',
      entity_id='cost_id',
      numerator='0',
      denominator='amount_reporting'
    ) }}
  from {{ ref('int_programme_costs__converted') }}
  where amount_reporting is not null
)

select * from revenue
union all
select * from costs
