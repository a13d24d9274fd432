-- Each opportunity won, for the partner that sourced it; one that nobody sourced adds to the
-- denominator alone.
select
  {{ kpi_observation_columns(
    kpi_id='partner_sourced_revenue_share',
    observed_on='won.closed_on',
    partner_id='sourcings.partner_id',
    entity_type='opportunity',
    entity_id='won.opportunity_id',
    numerator='case when sourcings.opportunity_id is not null then won.amount_reporting else 0 end',
    denominator='won.amount_reporting'
  ) }}
from {{ ref('int_won_opportunities__converted') }} as won
left join {{ ref('int_partner_touches__judged') }} as sourcings
  on
    won.opportunity_id = sourcings.opportunity_id
    and sourcings.is_sourcing
where won.amount_reporting is not null
