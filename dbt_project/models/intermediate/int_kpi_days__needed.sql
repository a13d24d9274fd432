-- The days whose sums must be computed anew: one row per KPI (with the number of its programme) and day
-- on which something is observed. Of a balance the last days of periods are needed and no others; but
-- for its median it is added up by partner, for no other day bears on what an entity counts.
with programme as (
  select * from {{ ref('int_kpi_members__numbered') }}
  where dimension = 'programme'
)

select distinct
  days.kpi_id,
  programme.member_number as programme_number,
  days.observed_on,
  programme.is_balance and programme.kind <> 'median' as is_added_up
from {{ ref('int_kpi_days__digested') }} as days
inner join {{ ref('int_kpi_pairs__changed') }} as pairs
  on
    days.kpi_id = pairs.kpi_id
    and days.observed_on >= pairs.period_start
    and days.observed_on <= pairs.last_day
inner join programme on days.kpi_id = programme.kpi_id
where not programme.is_balance or days.observed_on = pairs.last_day
