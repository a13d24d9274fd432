-- What each member of each dimension observed on the days whose sums must be computed anew: one row
-- per member, entity and day, members and entities by number. Tier, type and region are the partner's
-- of that day. Balances keep only the days that can end a period of the KPI. The numbers of entities
-- mean nothing beyond this table.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

members as (
  select * from {{ ref('int_kpi_members__numbered') }}
),

programme as (
  select * from members where dimension = 'programme'
),

needed_days as (
  select distinct
    days.kpi_id,
    days.observed_on
  from {{ ref('int_kpi_days__digested') }} as days
  inner join {{ ref('int_kpi_pairs__changed') }} as pairs
    on
      days.kpi_id = pairs.kpi_id
      and days.observed_on >= pairs.period_start
      and days.observed_on <= pairs.last_day
),

counting as (
  select
    programme.member_number as programme_number,
    observations.kpi_id,
    observations.partner_id,
    observations.entity_type,
    observations.entity_id,
    observations.observed_on,
    observations.numerator,
    observations.denominator
  from {{ ref('kpi_observations') }} as observations
  inner join programme on observations.kpi_id = programme.kpi_id
  inner join needed_days
    on
      observations.kpi_id = needed_days.kpi_id
      and observations.observed_on = needed_days.observed_on
  cross join settings
  where
    not programme.is_balance
    or observations.observed_on = settings.as_of
    or observations.observed_on = {{ dbt.last_day('observations.observed_on', 'month') }}
    or programme.rhythm in ('day', 'week')
),

entities as (
  select
    entity_type,
    entity_id,
    row_number() over (order by entity_type asc, entity_id asc) as entity_number
  from (select distinct entity_type, entity_id from counting) as keys
),

numbered as (
  select
    counting.programme_number,
    counting.kpi_id,
    counting.partner_id,
    entities.entity_number,
    counting.observed_on,
    counting.numerator,
    counting.denominator
  from counting
  inner join entities
    on
      counting.entity_type = entities.entity_type
      and counting.entity_id = entities.entity_id
),

memberships as (
  select
    members.kpi_id,
    members.member_number,
    listed.partner_id,
    listed.valid_from,
    listed.valid_to
  from {{ ref('int_partner_members__listed') }} as listed
  inner join members
    on
      listed.dimension = members.dimension
      and listed.member = members.member
),

placed as (
  select
    programme_number as member_number,
    entity_number,
    observed_on,
    numerator,
    denominator
  from numbered
  union all
  select
    memberships.member_number,
    numbered.entity_number,
    numbered.observed_on,
    numbered.numerator,
    numbered.denominator
  from numbered
  inner join memberships
    on
      numbered.kpi_id = memberships.kpi_id
      and numbered.partner_id = memberships.partner_id
      and numbered.observed_on >= memberships.valid_from
      and (memberships.valid_to is null or numbered.observed_on < memberships.valid_to)
)

-- Rows of one entity, day and member carry the same numbers (a test fails otherwise): count once.
select
  member_number,
  entity_number,
  observed_on,
  max(numerator) as numerator,
  max(denominator) as denominator
from placed
group by member_number, entity_number, observed_on
