-- Each contracted partner that has to have certified people, on each balance day: how many it has of
-- those it needs. More than needed counts as needed.
select
  {{ kpi_observation_columns(
    kpi_id='certification_rate',
    observed_on='contracted.day',
    partner_id='contracted.partner_id',
    entity_type='partner',
    entity_id='contracted.partner_id',
    numerator='least(coalesce(counted.certified_people, 0), contracted.required_certified_people)',
    denominator='contracted.required_certified_people'
  ) }}
from {{ ref('int_contracted_days__listed') }} as contracted
left join {{ ref('int_certified_people__counted') }} as counted
  on
    contracted.partner_id = counted.partner_id
    and contracted.day = counted.day
where contracted.required_certified_people > 0
