-- The day of the first observation of each member of each dimension of a KPI, whether or not a
-- value ever uses that day.
with days as (
  select distinct
    kpi_id,
    partner_id,
    observed_on
  from {{ ref('kpi_observations') }}
)

select
  kpi_id,
  'programme' as dimension,
  'all' as member,
  min(observed_on) as first_on
from days
group by kpi_id
union all
select
  days.kpi_id,
  members.dimension,
  members.member,
  min(days.observed_on) as first_on
from days
inner join {{ ref('int_partner_members__listed') }} as members
  on
    days.partner_id = members.partner_id
    and days.observed_on >= members.valid_from
    and (members.valid_to is null or days.observed_on < members.valid_to)
group by days.kpi_id, members.dimension, members.member
