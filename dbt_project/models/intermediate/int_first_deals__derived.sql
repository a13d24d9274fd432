-- Each partner with the first influenced opportunity that it won since its contract began, whether or
-- not the contract lasted until then; without one, opportunity_id and won_on are null.
select
  partners.partner_id,
  partners.contract_start,
  partners.ended_on,
  wins.opportunity_id,
  wins.closed_on as won_on
from {{ ref('int_partners__resolved') }} as partners
left join {{ ref('int_influenced_wins__listed') }} as wins
  on
    partners.partner_id = wins.partner_id
    and partners.contract_start <= wins.closed_on
qualify
  row_number() over (
    partition by partners.partner_id
    order by wins.closed_at asc nulls last, wins.opportunity_id asc nulls last
  ) = 1
