-- The partners as the newest known version describes them; status as of as_of, and the last sign of life
-- until then.
with last_events as (
  select
    partner_id,
    max(happened_on) as last_event_on
  from {{ ref('int_qualifying_events__collected') }}
  group by partner_id
)

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
  end as status,
  last_events.last_event_on
from {{ ref('int_partners__resolved') }} as partners
cross join {{ ref('int_run_settings__derived') }} as settings
left join last_events
  on partners.partner_id = last_events.partner_id
