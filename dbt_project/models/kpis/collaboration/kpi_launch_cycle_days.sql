-- Each launch made with a partner on the day on which it was delivered: the days since it was agreed on.
-- One that is delivered before it was agreed on has no cycle.
select
  {{ kpi_observation_columns(
    kpi_id='launch_cycle_days',
    observed_on='items.delivered_on',
    partner_id='partners.partner_id',
    entity_type='roadmap_item',
    entity_id='items.item_id',
    numerator=dbt.datediff('items.approved_on', 'items.delivered_on', 'day'),
    denominator='1'
  ) }}
from {{ ref('int_roadmap_items__resolved') }} as items
cross join {{ ref('int_run_settings__derived') }} as settings
left join {{ ref('int_partners__resolved') }} as partners
  on items.partner_id = partners.partner_id
where
  items.item_kind = 'joint_launch'
  and items.delivered_on <= settings.as_of
  and items.approved_on <= items.delivered_on
