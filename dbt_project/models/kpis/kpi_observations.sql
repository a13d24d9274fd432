-- The observations of every KPI. The list is explicit, so that lineage stays real; a test compares it
-- with the files. An observation counts from its day to as_of.
with observations as (
  select * from {{ ref('kpi_partner_influenced_pipeline') }}
  union all
  select * from {{ ref('kpi_partner_win_rate') }}
  union all
  select * from {{ ref('kpi_time_to_activation') }}
  union all
  select * from {{ ref('kpi_integration_uptime') }}
  union all
  select * from {{ ref('kpi_joint_deal_velocity') }}
  union all
  select * from {{ ref('kpi_nps_integration') }}
  union all
  select * from {{ ref('kpi_active_partner_rate') }}
  union all
  select * from {{ ref('kpi_partner_health_score') }}
  union all
  select * from {{ ref('kpi_nps_partner') }}
  union all
  select * from {{ ref('kpi_csat') }}
  union all
  select * from {{ ref('kpi_customer_effort') }}
  union all
  select * from {{ ref('kpi_partner_revenue_share') }}
  union all
  select * from {{ ref('kpi_partner_sourced_revenue_share') }}
  union all
  select * from {{ ref('kpi_partner_sourced_pipeline') }}
  union all
  select * from {{ ref('kpi_co_sell_rate') }}
  union all
  select * from {{ ref('kpi_average_deal_size') }}
  union all
  select * from {{ ref('kpi_expansion_revenue') }}
  union all
  select * from {{ ref('kpi_new_customer_share') }}
  union all
  select * from {{ ref('kpi_pipeline_per_active_partner') }}
  union all
  select * from {{ ref('kpi_time_to_first_deal') }}
  union all
  select * from {{ ref('kpi_first_revenue_within_60_days') }}
  union all
  select * from {{ ref('kpi_first_revenue_within_90_days') }}
  union all
  select * from {{ ref('kpi_programme_roi') }}
  union all
  select * from {{ ref('kpi_revenue_concentration_top3') }}
  union all
  select * from {{ ref('kpi_activated_accounts') }}
  union all
  select * from {{ ref('kpi_activation_rate_90_days') }}
  union all
  select * from {{ ref('kpi_active_integrations') }}
  union all
  select * from {{ ref('kpi_usage_depth') }}
  union all
  select * from {{ ref('kpi_integration_error_rate') }}
  union all
  select * from {{ ref('kpi_mttr_hours') }}
  union all
  select * from {{ ref('kpi_support_first_reply_on_time') }}
  union all
  select * from {{ ref('kpi_referrals_received') }}
  union all
  select * from {{ ref('kpi_referrals_sent') }}
  union all
  select * from {{ ref('kpi_referral_conversion_rate') }}
  union all
  select * from {{ ref('kpi_revenue_per_referral') }}
  union all
  select * from {{ ref('kpi_referral_follow_up_hours') }}
  union all
  select * from {{ ref('kpi_referral_follow_up_on_time') }}
  union all
  select * from {{ ref('kpi_reciprocity_balance') }}
  union all
  select * from {{ ref('kpi_commission_earned') }}
  union all
  select * from {{ ref('kpi_commission_paid') }}
  union all
  select * from {{ ref('kpi_commission_on_time') }}
  union all
  select * from {{ ref('kpi_co_marketing_reach') }}
  union all
  select * from {{ ref('kpi_campaign_roi') }}
  union all
  select * from {{ ref('kpi_mdf_utilisation') }}
  union all
  select * from {{ ref('kpi_mdf_first_time_right') }}
  union all
  select * from {{ ref('kpi_certification_rate') }}
  union all
  select * from {{ ref('kpi_content_activity') }}
  union all
  select * from {{ ref('kpi_deal_registration_on_time') }}
  union all
  select * from {{ ref('kpi_channel_conflict_rate') }}
  union all
  select * from {{ ref('kpi_partner_additions') }}
  union all
  select * from {{ ref('kpi_partner_losses') }}
  union all
  select * from {{ ref('kpi_partner_retention') }}
  union all
  select * from {{ ref('kpi_renewal_rate') }}
  union all
  select * from {{ ref('kpi_onboarding_completion') }}
  union all
  select * from {{ ref('kpi_roadmap_delivery_rate') }}
  union all
  select * from {{ ref('kpi_launch_cycle_days') }}
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
