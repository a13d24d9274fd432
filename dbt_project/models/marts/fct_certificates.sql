-- Certificates issued by as_of. person_key is the hash that the export carries.
select
  partners.partner_id,
  certifications.person_id as person_key,
  certifications.certification,
  certifications.track,
  certifications.issued_on,
  certifications.expires_on
from {{ ref('int_certifications__resolved') }} as certifications
inner join {{ ref('int_run_settings__derived') }} as settings
  on certifications.issued_on <= settings.as_of
left join {{ ref('int_partners__resolved') }} as partners
  on certifications.partner_id = partners.partner_id
