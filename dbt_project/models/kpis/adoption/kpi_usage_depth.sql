-- Each account with an active integration of a partner on a balance day: the different features that
-- it used in that partner's integrations. One that used none counts with 0.
with counted as (
  select
    account_number,
    partner_number,
    day,
    count(feature) as features
  from {{ ref('int_usage_windows__listed') }}
  group by account_number, partner_number, day
  -- Features alone make no integration active; a successful call does.
  having count(integration_number) > 0
),

account_names as (
  select distinct
    account_number,
    account_id
  from {{ ref('int_usage_accounts__matched') }}
),

partner_names as (
  select distinct
    partner_number,
    named_partner_id,
    partner_id
  from {{ ref('int_integration_partners__identified') }}
)

select
  {{ kpi_observation_columns(
    kpi_id='usage_depth',
    observed_on='counted.day',
    partner_id='partner_names.partner_id',
    entity_type='account_of_partner',
    entity_id="account_names.account_id || '|' || partner_names.named_partner_id",
    numerator='counted.features',
    denominator='1'
  ) }}
from counted
inner join account_names on counted.account_number = account_names.account_number
inner join partner_names on counted.partner_number = partner_names.partner_number
