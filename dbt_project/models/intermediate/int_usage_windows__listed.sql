-- Who used what in the trailing window of each balance day: one row per account, integration and day
-- for successful calls (which make an integration active), and one per account, partner, feature and
-- day for features. A balance day meets at most one day of use, the latest, so that nothing has to be
-- counted once. A view: its rows are many, and each reader asks for a part of them.
{{ config(materialized='view') }}

select
  spells.account_id,
  spells.integration_id,
  spells.named_partner_id,
  spells.partner_id,
  spells.feature,
  window_days.balance_day as day
from {{ ref('int_usage_spells__derived') }} as spells
inner join {{ ref('int_usage_window_days__listed') }} as window_days
  on spells.used_on = window_days.day
where spells.next_on is null or window_days.balance_day < spells.next_on
