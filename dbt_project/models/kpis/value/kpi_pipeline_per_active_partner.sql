-- On each balance day the open influenced opportunities, once for each partner that had influenced
-- them by then, and beside them the active partners among which they are divided.
with pipeline as (
  select
    {{ kpi_observation_columns(
      kpi_id='pipeline_per_active_partner',
      observed_on='amounts.day',
      partner_id='influences.partner_id',
      entity_type='opportunity',
      entity_id='amounts.opportunity_id',
      numerator='amounts.amount_reporting',
      denominator='0'
    ) }}
  from {{ ref('int_open_amounts__converted') }} as amounts
  inner join {{ ref('int_influences__derived') }} as influences
    on
      amounts.opportunity_id = influences.opportunity_id
      and amounts.day >= influences.influenced_on
  where amounts.amount_reporting is not null
),

active_partners as (
  select
    {{ kpi_observation_columns(
      kpi_id='pipeline_per_active_partner',
      observed_on='observed_on',
      partner_id='partner_id',
      entity_type='partner',
      entity_id='entity_id',
      numerator='0',
      denominator='1'
    ) }}
  from {{ ref('kpi_active_partner_rate') }}
  where numerator = 1
)

select * from pipeline
union all
select * from active_partners
