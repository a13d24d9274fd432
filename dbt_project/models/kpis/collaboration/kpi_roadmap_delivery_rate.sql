-- Each item of the roadmap on the day on which it fell due: whether it had been delivered by then.
select
  {{ kpi_observation_columns(
    kpi_id='roadmap_delivery_rate',
    observed_on='items.due_on',
    partner_id='partners.partner_id',
    entity_type='roadmap_item',
    entity_id='items.item_id',
    numerator='case when items.delivered_on <= items.due_on then 1 else 0 end',
    denominator='1'
  ) }}
from {{ ref('int_roadmap_items__resolved') }} as items
cross join {{ ref('int_run_settings__derived') }} as settings
left join {{ ref('int_partners__resolved') }} as partners
  on items.partner_id = partners.partner_id
where
  items.item_kind = 'roadmap'
  and items.due_on <= settings.as_of
