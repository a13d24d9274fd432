-- Different people of each contracted partner with a certificate that is valid on the balance day (its
-- last day included). Days without anyone have no row.
with certificates as (
  select distinct partner_id, person_id, issued_on, expires_on
  from {{ ref('int_certifications__resolved') }}
)

select
  contracted.partner_id,
  contracted.day,
  count(distinct certificates.person_id) as certified_people
from {{ ref('int_contracted_days__listed') }} as contracted
inner join certificates
  on
    contracted.partner_id = certificates.partner_id
    and certificates.issued_on <= contracted.day
    and (certificates.expires_on is null or certificates.expires_on >= contracted.day)
group by contracted.partner_id, contracted.day
