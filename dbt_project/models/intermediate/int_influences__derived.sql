-- Who influenced which opportunity, and since which day: one row per opportunity and partner with a
-- valid touch. Partners that the registry does not know share one row without partner_id.
select
  opportunity_id,
  partner_id,
  min(touched_on) as influenced_on
from {{ ref('int_partner_touches__judged') }}
where is_valid
group by opportunity_id, partner_id
