-- Value: pipeline, revenue and first deals -------------------------------------------------------
insert into observation
select 'partner_influenced_pipeline', o.day, i.partner_id, o.id,
  case when i.opportunity_id is null then 0 else o.amount end, o.amount
from open_amount as o left join influence as i on o.id = i.opportunity_id and i.since <= o.day;

insert into observation
select 'pipeline_per_active_partner', o.day, i.partner_id, o.id, o.amount, 0
from open_amount as o join influence as i on o.id = i.opportunity_id and i.since <= o.day
union all
select 'pipeline_per_active_partner', day, partner_id, partner_id, 0, 1 from activity where events > 0;

insert into observation
with closed as (
  select o.id, i.partner_id, o.kind = 'won' as is_won, o.closed_on, o.created_on
  from opportunity as o join influence as i on o.id = i.opportunity_id
  where o.kind <> 'open' and o.closed_on <= (select as_of from setting)
),
first_lead as (
  select opportunity_id, local_day(min(moment)) as day from lead
  where local_day(moment) <= (select as_of from setting)
  group by opportunity_id
)
select 'partner_win_rate', closed_on, partner_id, id, is_won::int, 1 from closed
union all
select 'joint_deal_velocity', closed_on, partner_id, id, closed_on - coalesce(l.day, created_on), 1
from closed left join first_lead as l on closed.id = l.opportunity_id
where is_won;

-- What the opportunity was created with: its first history row says it.
insert into observation
with first_row as (
  select opportunity_id, arg_min(amount, (moment, id)) as amount from history group by opportunity_id
)
select 'partner_sourced_pipeline', o.created_on, s.partner_id, o.id,
  round(coalesce(f.amount, o.own_amount) / r.rate, 6), 1
from opportunity as o
join sourcing as s on o.id = s.opportunity_id
left join first_row as f on o.id = f.opportunity_id
asof join rate as r on o.currency = r.currency and o.created_on >= r.day;

insert into observation
select 'partner_revenue_share', closed_on, i.partner_id, id,
  case when i.opportunity_id is null then 0 else amount end, amount
from won left join influence as i on won.id = i.opportunity_id
where amount is not null
union all
select 'partner_sourced_revenue_share', closed_on, s.partner_id, id,
  case when s.opportunity_id is null then 0 else amount end, amount
from won left join sourcing as s on won.id = s.opportunity_id
where amount is not null;

insert into observation
select unnest(['average_deal_size', 'revenue_concentration_top3']), closed_on, partner_id, id, amount, 1
from influenced_win where amount is not null
union all
select 'expansion_revenue', closed_on, partner_id, id, amount, 1
from influenced_win
where amount is not null and type in ('expansion', 'upsell', 'cross-sell', 'existing customer - upgrade')
union all
select 'programme_roi', closed_on, partner_id, id, amount, 0 from influenced_win where amount is not null
union all
select 'programme_roi', month_on, null, month_on || category, 0, round(c.amount / r.rate, 6)
from programme_cost as c asof join rate as r on c.currency = r.currency and c.month_on >= r.day;

-- Every role counts as co-selling.
insert into observation
with co_seller as (
  select distinct opportunity_id, partner_id from touch where is_valid and evidence = 'crm_role'
)
select 'co_sell_rate', created_on, partner_id, id, (c.opportunity_id is not null)::int, 1
from opportunity as o left join co_seller as c on o.id = c.opportunity_id;

insert into observation
with customer as (
  select account_id, arg_min(id, (closed_at, id)) as id, min(closed_on) as day
  from won where account_id is not null group by account_id
)
select 'new_customer_share', day, partner_id, account_id, (i.opportunity_id is not null)::int, 1
from customer as c left join influence as i on c.id = i.opportunity_id;

insert into observation
with first_deal as (
  select p.partner_id, p.contract_start, p.ended_on, min(w.closed_on) as won_on
  from partner as p
  left join influenced_win as w on p.partner_id = w.partner_id and p.contract_start <= w.closed_on
  group by all
)
select 'time_to_first_deal', won_on, partner_id, partner_id, won_on - contract_start, 1
from first_deal where won_on is not null and coalesce(ended_on > won_on, true)
union all
select 'first_revenue_within_' || days || '_days', contract_start + days, partner_id, partner_id,
  coalesce(won_on <= contract_start + days, false)::int, 1
from first_deal, unnest([60, 90]) as t(days);
