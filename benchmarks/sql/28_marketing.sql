-- Marketing: campaigns with partners, and what they claim for them --------------------------------
insert into observation
select distinct 'co_marketing_reach', local_day(moment), p.partner_id, person, 1, 1
from response left join partner as p using (account_id)
where account_id is not null;

insert into observation
with win as (
  select distinct r.campaign_id, o.id, o.currency, o.own_amount
  from response as r join lead using (lead_id) join opportunity as o on lead.opportunity_id = o.id cross join setting
  where o.kind = 'won' and o.closed_on <= as_of and local_day(r.moment) <= as_of
),
earned as (
  select c.campaign_id, sum(round(w.own_amount / r.rate, 6)) as amount
  from (select campaign_id, ends_on from campaign) as c
  join win as w using (campaign_id)
  asof join rate as r on w.currency = r.currency and c.ends_on >= r.day
  group by all
)
select 'campaign_roi', c.ends_on, p.partner_id, c.campaign_id,
  coalesce(e.amount, 0) - round(c.cost / r.rate, 6), round(c.cost / r.rate, 6)
from campaign as c
left join earned as e using (campaign_id)
left join partner as p on c.account_id = p.account_id
asof join rate as r on c.currency = r.currency and c.ends_on >= r.day;

insert into observation
select 'mdf_utilisation', decided_on, partner_id, claim_id, round(paid / rate, 6), round(approved / rate, 6)
from claim as c asof join rate as r on c.currency = r.currency and c.decided_on >= r.day
union all
select 'mdf_first_time_right', decided_on, partner_id, claim_id,
  (resubmissions = 0 and status in ('approved', 'paid'))::int, 1
from claim where decided_on is not null;

-- Enablement -------------------------------------------------------------------------------------
insert into observation
select 'certification_rate', day, partner_id, partner_id, least(people, required_people), required_people
from certified
union all
select 'content_activity', local_day(moment), partner_id, event_id, 1, 1 from content_use
union all
select 'onboarding_completion', due_on, partner_id, partner_id || step, coalesce(completed_on <= due_on, false)::int, 1
from onboarding_step;
