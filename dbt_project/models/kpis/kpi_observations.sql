-- The observations of every KPI. The list is explicit, so that lineage stays real; a test compares it
-- with the files. An observation counts from its day to as_of. A run observes only the KPIs anew that
-- its news can have reached (control.kpis_reached); the rows of the others stand.
{%- set kpis = [
  ref('kpi_partner_influenced_pipeline'),
  ref('kpi_partner_win_rate'),
  ref('kpi_time_to_activation'),
  ref('kpi_integration_uptime'),
  ref('kpi_joint_deal_velocity'),
  ref('kpi_nps_integration'),
  ref('kpi_active_partner_rate'),
  ref('kpi_partner_health_score'),
  ref('kpi_nps_partner'),
  ref('kpi_csat'),
  ref('kpi_customer_effort'),
  ref('kpi_partner_revenue_share'),
  ref('kpi_partner_sourced_revenue_share'),
  ref('kpi_partner_sourced_pipeline'),
  ref('kpi_co_sell_rate'),
  ref('kpi_average_deal_size'),
  ref('kpi_expansion_revenue'),
  ref('kpi_new_customer_share'),
  ref('kpi_pipeline_per_active_partner'),
  ref('kpi_time_to_first_deal'),
  ref('kpi_first_revenue_within_60_days'),
  ref('kpi_first_revenue_within_90_days'),
  ref('kpi_programme_roi'),
  ref('kpi_revenue_concentration_top3'),
  ref('kpi_activated_accounts'),
  ref('kpi_activation_rate_90_days'),
  ref('kpi_active_integrations'),
  ref('kpi_usage_depth'),
  ref('kpi_integration_error_rate'),
  ref('kpi_mttr_hours'),
  ref('kpi_support_first_reply_on_time'),
  ref('kpi_referrals_received'),
  ref('kpi_referrals_sent'),
  ref('kpi_referral_conversion_rate'),
  ref('kpi_revenue_per_referral'),
  ref('kpi_referral_follow_up_hours'),
  ref('kpi_referral_follow_up_on_time'),
  ref('kpi_reciprocity_balance'),
  ref('kpi_commission_earned'),
  ref('kpi_commission_paid'),
  ref('kpi_commission_on_time'),
  ref('kpi_co_marketing_reach'),
  ref('kpi_campaign_roi'),
  ref('kpi_mdf_utilisation'),
  ref('kpi_mdf_first_time_right'),
  ref('kpi_certification_rate'),
  ref('kpi_content_activity'),
  ref('kpi_deal_registration_on_time'),
  ref('kpi_channel_conflict_rate'),
  ref('kpi_partner_additions'),
  ref('kpi_partner_losses'),
  ref('kpi_partner_retention'),
  ref('kpi_renewal_rate'),
  ref('kpi_onboarding_completion'),
  ref('kpi_roadmap_delivery_rate'),
  ref('kpi_launch_cycle_days'),
] -%}
{{ config(materialized='kpi_by_kpi', kpi_count=kpis | length) }}
{%- set reached = kpis_reached(source('control', 'kpis_reached')) %}

with observations as (
  {%- for kpi in kpis if kpi.identifier[4:] in reached %}
  select * from {{ kpi }}
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- else %}
  select * from {{ kpis[0] }}
  where false
  {%- endfor %}
)

select
  observations.kpi_id,
  observations.observed_on,
  observations.partner_id,
  observations.entity_type,
  observations.entity_id,
  observations.numerator,
  observations.denominator
from observations
cross join {{ ref('int_run_settings__derived') }} as settings
where observations.observed_on <= settings.as_of
