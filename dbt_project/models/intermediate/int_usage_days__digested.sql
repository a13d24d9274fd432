-- What is in use on each balance day, and whose it is, as one number: what KPIs of use observe on a day
-- is made of nothing else, so that they observe the same where the number is the same. Spells are added
-- where they begin and taken off behind their end, so that the work grows with the spells and not with
-- the days that they last.
with account_names as (
  select distinct
    account_number,
    account_id
  from {{ ref('int_usage_accounts__matched') }}
),

-- A feature is a partner's, in whichever of its integrations it was used.
owners as (
  select distinct
    partner_number,
    cast(null as {{ dbt.type_int() }}) as integration_number,
    named_partner_id,
    cast(null as {{ dbt.type_string() }}) as integration_id,
    partner_id
  from {{ ref('int_integration_partners__identified') }}
  union all
  select
    partner_number,
    integration_number,
    named_partner_id,
    integration_id,
    partner_id
  from {{ ref('int_integration_partners__identified') }}
),

spells as (
  select
    spells.first_balance_number,
    spells.last_balance_number,
    {{ row_digest([
      'account_names.account_id', 'owners.named_partner_id', 'owners.integration_id', 'owners.partner_id',
      'spells.feature'
    ]) }} as digest
  from {{ ref('int_usage_spells__derived') }} as spells
  inner join account_names on spells.account_number = account_names.account_number
  inner join owners
    on
      spells.partner_number = owners.partner_number
      and spells.integration_number is not distinct from owners.integration_number
),

changes as (
  select
    first_balance_number as balance_number,
    digest
  from spells
  union all
  select
    last_balance_number + 1 as balance_number,
    -digest as digest
  from spells
),

changes_of_days as (
  select
    balance_number,
    sum(digest) as digest
  from changes
  group by balance_number
)

select
  calendar.day,
  sum(coalesce(changes_of_days.digest, 0)) over (order by calendar.day asc) as day_digest
from {{ ref('int_calendar__derived') }} as calendar
left join changes_of_days on calendar.balance_number = changes_of_days.balance_number
where calendar.is_balance_day
