-- Each opportunity on the day it was created, once for each partner with a valid co-selling role in
-- it; one without such a role adds to the denominator alone.
with co_sell_roles as (
  select item as role
  from {{ source('control', 'policy_lists') }}
  where policy = 'co_sell_roles'
),

co_sellers as (
  select distinct
    opportunity_id,
    partner_id
  from {{ ref('int_partner_touches__judged') }}
  where
    is_valid
    and evidence = 'crm_role'
    -- An empty list means any role.
    and (
      role in (select role from co_sell_roles)
      or not exists (select 1 from co_sell_roles)
    )
)

select
  {{ kpi_observation_columns(
    kpi_id='co_sell_rate',
    observed_on='opportunities.created_on',
    partner_id='co_sellers.partner_id',
    entity_type='opportunity',
    entity_id='opportunities.opportunity_id',
    numerator='case when co_sellers.opportunity_id is not null then 1 else 0 end',
    denominator='1'
  ) }}
from {{ ref('int_opportunities__stated') }} as opportunities
left join co_sellers on opportunities.opportunity_id = co_sellers.opportunity_id
