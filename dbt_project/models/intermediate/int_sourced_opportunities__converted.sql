-- Each sourced opportunity with the partner that sourced it and the amount it was created with, in the
-- reporting currency at its creation day's rate; null where no rate is known. The first history row
-- says that amount, whatever is missing there, else the opportunity's own. rate_on is null where
-- nothing had to be looked up.
with first_rows as (
  select
    history.opportunity_id,
    history.amount
  from {{ ref('int_opportunity_history__resolved') }} as history
  cross join {{ ref('int_run_settings__derived') }} as settings
  where history.created_at < settings.as_of_ends_at
  qualify
    row_number() over (
      partition by history.opportunity_id
      order by history.created_at asc, history.history_id asc
    ) = 1
),

sourced as (
  select
    opportunities.opportunity_id,
    sourcings.partner_id,
    opportunities.created_on,
    opportunities.currency,
    case
      when first_rows.opportunity_id is not null then coalesce(first_rows.amount, 0)
      else opportunities.own_amount
    end as amount
  from {{ ref('int_opportunities__stated') }} as opportunities
  inner join {{ ref('int_partner_touches__judged') }} as sourcings
    on
      opportunities.opportunity_id = sourcings.opportunity_id
      and sourcings.is_sourcing
  left join first_rows on opportunities.opportunity_id = first_rows.opportunity_id
)

select
  sourced.opportunity_id,
  sourced.partner_id,
  sourced.created_on,
  sourced.currency,
  rates.rate_on,
  {{ converted_amount('sourced.amount', 'rates.from_rate', 'rates.to_rate') }} as amount_reporting
from sourced
left join {{ ref('int_conversion_rates__filled') }} as rates
  on
    sourced.currency = rates.currency
    and sourced.created_on = rates.day
