-- Integrations and their use ---------------------------------------------------------------------
create table integration as
select integration_id, partner_id, trim(component) as component, cast(released_on as date) as released_on
from read_csv('{landing}/registry/integration/*.csv', all_varchar = true);

create table answer as
select
  response_id, survey, partner_id, integration_id, respondent_hash, cast(score as int) as score,
  local_day(utc(responded_at)) as day, utc(responded_at) as moment
from read_csv('{landing}/survey/response/*.csv', all_varchar = true)
where survey <> 'nps' and cast(score as int) <= 10 and utc(responded_at) is not null;

create table ticket as
select
  id as ticket_id, organization_id as account_id, cast(created_at as timestamp) as created_at,
  cast(created_at as timestamp) + to_minutes(cast(sla_first_reply_minutes as int)) as due_at,
  cast(first_replied_at as timestamp) as replied_at
from (
  select * from read_csv('{landing}/support/zendesk_ticket/*.csv', all_varchar = true)
  where try_cast(created_at as timestamp) is not null
  qualify row_number() over (partition by id order by updated_at desc) = 1
)
where status <> 'deleted' and sla_first_reply_minutes is not null;

create table event as
select *, local_day(moment) as day
from (
  select hash(messageId) as message, event, context.groupId as account_id, utc("timestamp") as moment, unnest(properties)
  from read_json(
    '{landing}/telemetry/event/*.jsonl.gz', format = 'newline_delimited',
    columns = {{
      type: 'VARCHAR', messageId: 'VARCHAR', event: 'VARCHAR', "timestamp": 'VARCHAR',
      context: 'STRUCT(groupId VARCHAR)',
      properties: 'STRUCT(integration_id VARCHAR, feature VARCHAR, status_code INT)'
    }}
  )
  where type = 'track' and event is not null
)
where moment is not null;

create table probe as
select integration_id, utc(checked_at) as moment, local_day(utc(checked_at)) as day, is_up = 'true' as is_up
from read_csv('{landing}/sla/probe/*.csv', all_varchar = true, union_by_name = true)
qualify row_number() over (partition by integration_id, checked_at) = 1;
