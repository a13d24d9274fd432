-- Each opportunity open on a balance day, once for each partner that had influenced it by then;
-- one that nobody had influenced adds to the denominator alone.
with balance_days as (
  select day from {{ ref('int_calendar__derived') }}
  where is_balance_day
),

open_days as (
  select
    spells.opportunity_id,
    balance_days.day,
    {{ converted_amount('spells.amount', 'rates.from_rate', 'rates.to_rate') }} as amount
  from {{ ref('int_open_spells__derived') }} as spells
  inner join balance_days
    on
      spells.open_from <= balance_days.day
      and spells.open_to > balance_days.day
  inner join {{ ref('int_conversion_rates__filled') }} as rates
    on
      spells.currency = rates.currency
      and balance_days.day = rates.day
)

select
  {{ kpi_observation_columns(
    kpi_id='partner_influenced_pipeline',
    observed_on='open_days.day',
    partner_id='influences.partner_id',
    entity_type='opportunity',
    entity_id='open_days.opportunity_id',
    numerator='case when influences.opportunity_id is not null then open_days.amount else 0 end',
    denominator='open_days.amount'
  ) }}
from open_days
left join {{ ref('int_influences__derived') }} as influences
  on
    open_days.opportunity_id = influences.opportunity_id
    and open_days.day >= influences.influenced_on
where open_days.amount is not null
