-- Each opportunity won by as_of, once for each partner that influenced it. Partners that the registry
-- does not know share one row without partner_id.
select
  won.opportunity_id,
  influences.partner_id,
  won.account_id,
  won.opportunity_type,
  won.closed_at,
  won.closed_on,
  won.amount_reporting
from {{ ref('int_won_opportunities__converted') }} as won
inner join {{ ref('int_influences__derived') }} as influences
  on won.opportunity_id = influences.opportunity_id
