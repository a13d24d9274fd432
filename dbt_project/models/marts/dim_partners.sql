-- The partners as the newest known version describes them; status as of as_of.
select
  partners.partner_id,
  partners.name,
  partners.partner_type,
  partners.engagement_model,
  partners.tier,
  partners.region,
  partners.country,
  partners.partner_manager,
  partners.contract_start,
  partners.contract_end,
  case
    when partners.contract_start > settings.as_of then 'upcoming'
    when partners.ended_on <= settings.as_of then 'ended'
    else 'contracted'
  end as status
from {{ ref('int_partners__resolved') }} as partners
cross join {{ ref('int_run_settings__derived') }} as settings
