{#- The members that numbered entities count for, of the KPIs for which `which` (a condition on
    `programme`) holds: the programme, and what the partner belongs to on the day. One row per member,
    entity and day; parts of what partners share count once for a member that several belong to. -#}
{% macro observed_members(entities, numbered_members, listed_members, which) -%}
  with programme as (
    select * from {{ numbered_members }} as programme
    where programme.dimension = 'programme' and ({{ which }})
  ),

  entities as (
    select
      entities.*,
      programme.kpi_id
    from {{ entities }} as entities
    inner join programme on entities.programme_number = programme.member_number
  ),

  memberships as (
    select
      members.kpi_id,
      members.member_number,
      listed.partner_id,
      listed.valid_from,
      listed.valid_to
    from {{ listed_members }} as listed
    inner join {{ numbered_members }} as members
      on
        listed.dimension = members.dimension
        and listed.member = members.member
    inner join programme on members.kpi_id = programme.kpi_id
  ),

  placed as (
    select
      memberships.member_number,
      entities.entity_number,
      entities.observed_on,
      entities.numerator,
      entities.denominator,
      entities.is_part
    from entities
    inner join memberships
      on
        entities.kpi_id = memberships.kpi_id
        and entities.partner_id = memberships.partner_id
        and entities.observed_on >= memberships.valid_from
        and (memberships.valid_to is null or entities.observed_on < memberships.valid_to)
  )

  select
    programme_number as member_number,
    entity_number,
    observed_on,
    numerator,
    denominator
  from entities
  where not is_part
  union all
  select
    member_number,
    entity_number,
    observed_on,
    numerator,
    denominator
  from placed
  where not is_part
  union all
  select
    member_number,
    entity_number,
    observed_on,
    max(numerator) as numerator,
    max(denominator) as denominator
  from placed
  where is_part
  group by member_number, entity_number, observed_on
{%- endmacro %}
