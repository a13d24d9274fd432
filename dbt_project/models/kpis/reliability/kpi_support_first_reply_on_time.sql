-- Each ticket on the day on which its promised first reply fell due, once for each partner of which the
-- account had installed an integration when it wrote; without one for the programme only. A reply on
-- the very deadline is in time; none by then is not.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

promises as (
  select
    ticket_id,
    account_id,
    created_at,
    first_replied_at,
    {{ dbt.dateadd('minute', 'sla_first_reply_minutes', 'created_at') }} as due_at
  from {{ ref('int_tickets__resolved') }}
  where sla_first_reply_minutes is not null
)

select
  {{ kpi_observation_columns(
    kpi_id='support_first_reply_on_time',
    observed_on=local_date('promises.due_at'),
    partner_id='installed.partner_id',
    entity_type='ticket',
    entity_id='promises.ticket_id',
    numerator='case when promises.first_replied_at <= promises.due_at then 1 else 0 end',
    denominator='1'
  ) }}
from promises
cross join settings
left join {{ ref('int_account_partners__derived') }} as installed
  on
    promises.account_id = installed.account_id
    and promises.created_at >= installed.installed_at
where promises.due_at < settings.as_of_ends_at
