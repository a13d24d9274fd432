-- Satisfaction -----------------------------------------------------------------------------------
-- Of each respondent the last answer about a thing in a quarter counts; the nameless count each.
insert into observation
with last_answer as (
  select * from answer where survey like '%nps' and day <= (select as_of from setting)
  qualify row_number() over (
    partition by
      survey, coalesce(respondent_hash, response_id), date_trunc('quarter', day),
      case survey when 'partner_nps' then partner_id else integration_id end
    order by moment desc, response_id desc
  ) = 1
)
select case survey when 'partner_nps' then 'nps_partner' else 'nps_integration' end,
  day, coalesce(a.partner_id, i.partner_id), response_id,
  case when score >= 9 then 1 when score <= 6 then -1 else 0 end, 1
from last_answer as a left join integration as i using (integration_id);

insert into observation
select case survey when 'csat' then 'csat' else 'customer_effort' end,
  day, coalesce(a.partner_id, i.partner_id), response_id,
  case survey when 'csat' then (score >= 4)::int else score end, 1
from answer as a left join integration as i using (integration_id)
where survey in ('csat', 'ces');
