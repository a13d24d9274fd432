-- Each contracted partner on each balance day: whether anything qualifying happened in the window.
select
  {{ kpi_observation_columns(
    kpi_id='active_partner_rate',
    observed_on='contracted.day',
    partner_id='contracted.partner_id',
    entity_type='partner',
    entity_id='contracted.partner_id',
    numerator='case when windows.events > 0 then 1 else 0 end',
    denominator='1'
  ) }}
from {{ ref('int_contracted_days__listed') }} as contracted
inner join {{ ref('int_partner_windows__summed') }} as windows
  on
    contracted.partner_id = windows.partner_id
    and contracted.day = windows.day
