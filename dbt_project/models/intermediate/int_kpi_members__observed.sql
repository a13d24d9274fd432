-- What each member of each dimension observed of flows and medians: one row per member, entity and
-- day, for what an entity counts in a period depends on its other days there.
with observed as (
  {{ observed_members(
    ref('int_kpi_entities__numbered'),
    ref('int_kpi_members__numbered'),
    ref('int_partner_members__listed'),
    "not programme.is_balance or programme.kind = 'median'"
  ) }}
)

select
  member_number,
  entity_number,
  observed_on,
  numerator,
  denominator
from observed
