-- What each member of each dimension observed of balances, added up by day: a period shows its last
-- day alone, on which an entity counts once.
with observed as (
  {{ observed_members(
    ref('int_kpi_entities__numbered'),
    ref('int_kpi_members__numbered'),
    ref('int_partner_members__listed'),
    "programme.is_balance and programme.kind <> 'median'"
  ) }}
)

select
  member_number,
  observed_on,
  count(*) as observations,
  sum(numerator) as numerator,
  sum(denominator) as denominator,
  count(case when denominator <> 0 then 1 end) as denominators
from observed
group by member_number, observed_on
