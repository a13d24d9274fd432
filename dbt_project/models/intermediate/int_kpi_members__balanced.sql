-- What each member of each dimension observed of balances, added up by day: a period shows its last
-- day alone, on which an entity counts once. What one partner has is added up by partner before it is
-- by member; only what several share is looked at entity by entity.
with shared as (
  {{ observed_members(
    ref('int_kpi_entities__numbered'),
    ref('int_kpi_members__numbered'),
    ref('int_partner_members__listed'),
    "programme.is_balance and programme.kind <> 'median'"
  ) }}
),

partners as (
  select
    needed.kpi_id,
    needed.programme_number,
    observations.partner_id,
    observations.observed_on,
    count(*) as observations,
    sum(observations.numerator) as numerator,
    sum(observations.denominator) as denominator,
    count(case when observations.denominator <> 0 then 1 end) as denominators
  from {{ ref('kpi_observations') }} as observations
  inner join {{ ref('int_kpi_days__needed') }} as needed
    on
      observations.kpi_id = needed.kpi_id
      and observations.observed_on = needed.observed_on
  left join {{ ref('int_kpi_entities__shared') }} as by_several
    on
      observations.kpi_id = by_several.kpi_id
      and observations.observed_on = by_several.observed_on
      and observations.entity_type = by_several.entity_type
      and observations.entity_id = by_several.entity_id
  where needed.is_added_up and by_several.kpi_id is null
  group by needed.kpi_id, needed.programme_number, observations.partner_id, observations.observed_on
),

summed as (
  select
    member_number,
    observed_on,
    1 as observations,
    numerator,
    denominator,
    case when denominator <> 0 then 1 else 0 end as denominators
  from shared
  union all
  select
    programme_number as member_number,
    observed_on,
    observations,
    numerator,
    denominator,
    denominators
  from partners
  union all
  select
    members.member_number,
    partners.observed_on,
    partners.observations,
    partners.numerator,
    partners.denominator,
    partners.denominators
  from partners
  inner join {{ ref('int_partner_members__listed') }} as listed
    on
      partners.partner_id = listed.partner_id
      and partners.observed_on >= listed.valid_from
      and (listed.valid_to is null or partners.observed_on < listed.valid_to)
  inner join {{ ref('int_kpi_members__numbered') }} as members
    on
      partners.kpi_id = members.kpi_id
      and listed.dimension = members.dimension
      and listed.member = members.member
)

select
  member_number,
  observed_on,
  cast(sum(observations) as {{ dbt.type_bigint() }}) as observations,
  sum(numerator) as numerator,
  sum(denominator) as denominator,
  cast(sum(denominators) as {{ dbt.type_bigint() }}) as denominators
from summed
group by member_number, observed_on
