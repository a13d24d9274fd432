-- The opportunities as they stand at as_of. A closed one is converted at its close day's rate, an
-- open one at as_of's; amount_reporting is null where no rate is known.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

opportunities as (
  select
    opportunity.*,
    coalesce(least(opportunity.closed_on, settings.as_of), settings.as_of) as rate_day
  from {{ ref('int_opportunities__stated') }} as opportunity
  cross join settings
)

select
  opportunities.opportunity_id,
  opportunities.account_id,
  opportunities.opportunity_name as name,
  stages.stage_label as stage,
  opportunities.amount,
  opportunities.currency,
  {{ converted_amount('opportunities.amount', 'rates.from_rate', 'rates.to_rate') }} as amount_reporting,
  opportunities.created_on,
  opportunities.closed_on,
  opportunities.stage_kind = 'open' as is_open,
  opportunities.stage_kind = 'won' as is_won,
  case when opportunities.stage_kind = 'open' then opportunities.close_on end as close_on,
  opportunities.stage_since_on,
  opportunities.is_confidential
from opportunities
inner join {{ ref('int_stages__classified') }} as stages on opportunities.stage_name = stages.stage_name
left join {{ ref('int_conversion_rates__filled') }} as rates
  on
    opportunities.currency = rates.currency
    and opportunities.rate_day = rates.day
