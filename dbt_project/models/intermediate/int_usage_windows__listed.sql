-- Who used what in the trailing window of each balance day: one row per account, integration and day
-- for successful calls (which make an integration active), and one per account, partner, feature and
-- day for features. Spells of one thing don't meet, so that nothing has to be counted once. A view: its
-- rows are many, each reader asks for a part of them, and names what is left when it has grouped them.
{{ config(materialized='view') }}

with listed as (
  {{ numbers_of(
    ref('int_usage_spells__derived'), 'first_balance_number', 'last_balance_number', 'balance_number',
    ['account_number', 'partner_number', 'integration_number', 'feature']
  ) }}
)

select
  listed.account_number,
  listed.partner_number,
  listed.integration_number,
  listed.feature,
  calendar.day
from listed
inner join {{ ref('int_calendar__derived') }} as calendar on listed.balance_number = calendar.balance_number
