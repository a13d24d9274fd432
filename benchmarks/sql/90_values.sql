-- Values: every dimension and period -------------------------------------------------------------
create table kpi as
select *, list_slice(
  ['day', 'week', 'month', 'quarter', 'year'],
  list_position(['day', 'week', 'month', 'quarter', 'year'], rhythm), 5
) as periods
from (values
  ('partner_influenced_pipeline', 'share', true, 'month'),
  ('pipeline_per_active_partner', 'ratio', true, 'month'),
  ('partner_sourced_pipeline', 'total', false, 'month'),
  ('partner_revenue_share', 'share', false, 'month'),
  ('partner_sourced_revenue_share', 'share', false, 'month'),
  ('partner_win_rate', 'ratio', false, 'month'),
  ('joint_deal_velocity', 'median', false, 'month'),
  ('co_sell_rate', 'share', false, 'month'),
  ('average_deal_size', 'ratio', false, 'month'),
  ('expansion_revenue', 'total', false, 'month'),
  ('new_customer_share', 'share', false, 'quarter'),
  ('time_to_first_deal', 'median', false, 'quarter'),
  ('first_revenue_within_60_days', 'ratio', false, 'month'),
  ('first_revenue_within_90_days', 'ratio', false, 'month'),
  ('programme_roi', 'ratio', false, 'quarter'),
  ('revenue_concentration_top3', 'top3', false, 'quarter'),
  ('time_to_activation', 'median', false, 'week'),
  ('activated_accounts', 'distinct', false, 'week'),
  ('activation_rate_90_days', 'ratio', false, 'month'),
  ('active_integrations', 'total', true, 'week'),
  ('usage_depth', 'ratio', true, 'month'),
  ('nps_integration', 'score', false, 'quarter'),
  ('nps_partner', 'score', false, 'quarter'),
  ('csat', 'ratio', false, 'quarter'),
  ('customer_effort', 'ratio', false, 'quarter'),
  ('integration_uptime', 'ratio', false, 'day'),
  ('integration_error_rate', 'ratio', false, 'day'),
  ('mttr_hours', 'ratio', false, 'month'),
  ('support_first_reply_on_time', 'ratio', false, 'week'),
  ('active_partner_rate', 'ratio', true, 'month'),
  ('partner_health_score', 'ratio', true, 'month'),
  ('referrals_received', 'total', false, 'month'),
  ('referrals_sent', 'total', false, 'month'),
  ('referral_conversion_rate', 'ratio', false, 'month'),
  ('revenue_per_referral', 'ratio', false, 'quarter'),
  ('referral_follow_up_hours', 'median', false, 'month'),
  ('referral_follow_up_on_time', 'ratio', false, 'month'),
  ('reciprocity_balance', 'ratio', false, 'quarter'),
  ('commission_earned', 'total', false, 'quarter'),
  ('commission_paid', 'total', false, 'quarter'),
  ('commission_on_time', 'ratio', false, 'quarter'),
  ('deal_registration_on_time', 'ratio', false, 'month'),
  ('channel_conflict_rate', 'ratio', false, 'quarter'),
  ('partner_additions', 'total', false, 'month'),
  ('partner_losses', 'total', false, 'month'),
  ('partner_retention', 'ratio', false, 'quarter'),
  ('renewal_rate', 'ratio', false, 'quarter'),
  ('co_marketing_reach', 'distinct', false, 'month'),
  ('campaign_roi', 'ratio', false, 'quarter'),
  ('mdf_utilisation', 'ratio', false, 'quarter'),
  ('mdf_first_time_right', 'ratio', false, 'quarter'),
  ('certification_rate', 'ratio', true, 'month'),
  ('content_activity', 'total', false, 'month'),
  ('onboarding_completion', 'ratio', false, 'month'),
  ('roadmap_delivery_rate', 'ratio', false, 'quarter'),
  ('launch_cycle_days', 'median', false, 'quarter')
) as t(kpi_id, kind, is_balance, rhythm);

-- The days whose observations count in a period: of a balance only its last one.
create table counting_day as
select kpi_id, observed_on, kind, period_type, cast(date_trunc(period_type, observed_on) as date) as period_start
from (select distinct kpi_id, observed_on from observation) join kpi using (kpi_id) cross join setting,
  unnest(periods) as t(period_type)
where observed_on <= as_of
  and (period_type <> 'day' or observed_on > as_of - 400)
  and (
    not is_balance or observed_on = as_of
    or date_trunc(period_type, observed_on) <> date_trunc(period_type, observed_on + 1)
  );

create table membership as
select partner_id, dimension, member, since, until
from (
  unpivot (select *, partner_id as partner from partner_span)
  on partner, tier, partner_type, region into name dimension value member
);

-- What several partners have a part in counts once for the members that they share.
create table counted as
with dated as (
  select o.* replace (hash(entity) as entity), kind, hash(kpi_id, entity, observed_on) as thing
  from observation as o join (select distinct kpi_id, observed_on, kind from counting_day) using (kpi_id, observed_on)
),
marked as (
  select *, thing in (select thing from dated group by thing having count(*) > 1) as is_shared from dated
),
placed as (
  select 'programme' as dimension, 'all' as member, * from marked
  union all
  select dimension, member, d.*
  from marked as d
  join membership as p
    on d.partner_id = p.partner_id and d.observed_on >= p.since and d.observed_on < p.until
  where kpi_id <> 'programme_roi'
)
select kpi_id, dimension, member, kind, entity, observed_on, numerator, denominator from placed where not is_shared
union all
select distinct kpi_id, dimension, member, kind, entity, observed_on, numerator, denominator from placed where is_shared;

create table kpi_value as
with of_day as (
  select kpi_id, dimension, member, observed_on, count(*) as observations, sum(numerator) as numerator,
    sum(denominator) as denominator
  from counted group by all
),
summed as (
  select kpi_id, dimension, member, kind, period_type, period_start,
    sum(observations)::bigint as observations, sum(numerator) as numerator, sum(denominator) as denominator
  from of_day join counting_day using (kpi_id, observed_on)
  group by all
),
-- What does not add up from days.
whole as (
  select kpi_id, dimension, member, period_type, period_start, median(numerator)::double as value
  from counted join counting_day using (kpi_id, observed_on)
  where counted.kind = 'median' group by all
  union all
  select kpi_id, dimension, member, period_type, period_start, count(distinct entity)
  from counted join counting_day using (kpi_id, observed_on)
  where counted.kind = 'distinct' group by all
  union all
  select kpi_id, 'programme', 'all', period_type, period_start,
    sum(numerator) filter (place <= 3) / nullif(sum(numerator), 0)
  from (
    select *, row_number() over (partition by kpi_id, period_type, period_start order by numerator desc) as place
    from summed where kind = 'top3' and dimension = 'partner'
  )
  group by all
)
select kpi_id, s.dimension, s.member, period_type, period_start, s.observations,
  case
    when s.kind in ('median', 'distinct', 'top3') then w.value
    when s.kind = 'total' then s.numerator
    when s.kind = 'score' then 100 * s.numerator / nullif(s.denominator, 0)
    when s.kind = 'share' then s.numerator / nullif(p.denominator, 0)
    else s.numerator / nullif(s.denominator, 0)
  end::double as value
from summed as s
join (select * exclude (dimension, member) from summed where dimension = 'programme') as p
  using (kpi_id, period_type, period_start)
left join whole as w using (kpi_id, dimension, member, period_type, period_start)
where s.dimension = 'programme' or s.kind <> 'top3';

copy (from kpi_value where value is not null) to '{out}' (format parquet);
