-- The answers to surveys that count by as_of. To NPS surveys only the last one of each respondent,
-- subject and quarter does; answers without a respondent, and those to csat and ces, count each. The
-- subject of integration_nps is the integration, that of partner_nps the partner. partner_id is null
-- when the registry does not know the partner. `points` are those of NPS.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

answers as (
  select
    responses.response_id,
    responses.survey,
    responses.respondent_hash,
    responses.score,
    responses.responded_at,
    coalesce(responses.partner_id, integrations.partner_id) as named_partner_id,
    case
      when responses.survey = 'integration_nps' then responses.integration_id
      else responses.partner_id
    end as subject_id,
    {{ local_date('responses.responded_at') }} as responded_on
  from {{ ref('int_responses__resolved') }} as responses
  left join {{ ref('int_integrations__resolved') }} as integrations
    on responses.integration_id = integrations.integration_id
  cross join settings
  where responses.responded_at < settings.as_of_ends_at
),

ranked as (
  select
    *,
    row_number() over (
      partition by
        survey,
        respondent_hash,
        case when respondent_hash is null or survey in ('csat', 'ces') then response_id end,
        subject_id,
        {{ period_start_of("'quarter'", 'responded_on') }}
      order by responded_at desc, response_id desc
    ) as recency
  from answers
)

select
  ranked.response_id,
  ranked.survey,
  partners.partner_id,
  ranked.responded_on,
  ranked.score,
  case when ranked.score >= 9 then 1 when ranked.score <= 6 then -1 else 0 end as points
from ranked
left join {{ ref('int_partners__resolved') }} as partners
  on ranked.named_partner_id = partners.partner_id
where ranked.recency = 1
