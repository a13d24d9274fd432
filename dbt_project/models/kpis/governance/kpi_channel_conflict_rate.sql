-- Each deal registration for a customer on the day it was submitted: whether that customer was
-- protected for another partner on this day.
with contested as (
  select distinct registration_id from {{ ref('int_channel_conflicts__matched') }}
)

select
  {{ kpi_observation_columns(
    kpi_id='channel_conflict_rate',
    observed_on='registrations.submitted_on',
    partner_id='registrations.partner_id',
    entity_type='deal_registration',
    entity_id='registrations.registration_id',
    numerator='case when contested.registration_id is not null then 1 else 0 end',
    denominator='1'
  ) }}
from {{ ref('int_deal_registrations__stated') }} as registrations
left join contested
  on registrations.registration_id = contested.registration_id
where registrations.customer_account_id is not null
