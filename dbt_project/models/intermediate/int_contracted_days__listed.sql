-- Each partner on each balance day on which it is contracted, with the tier that it has on that day.
select
  partners.partner_id,
  calendar.day,
  versions.tier,
  partners.required_certified_people
from {{ ref('int_partners__resolved') }} as partners
inner join {{ ref('int_calendar__derived') }} as calendar
  on
    partners.contract_start <= calendar.day
    and (partners.ended_on is null or partners.ended_on > calendar.day)
inner join {{ ref('int_partner_versions__derived') }} as versions
  on
    partners.partner_id = versions.partner_id
    and calendar.day >= versions.valid_from
    and (versions.valid_to is null or calendar.day < versions.valid_to)
where calendar.is_balance_day
