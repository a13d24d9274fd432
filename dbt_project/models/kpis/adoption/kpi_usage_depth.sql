-- Each account with an active integration of a partner on a balance day: the different features that
-- it used in that partner's integrations. One that used none counts with 0.
select
  {{ kpi_observation_columns(
    kpi_id='usage_depth',
    observed_on='day',
    partner_id='partner_id',
    entity_type='account_of_partner',
    entity_id="account_id || '|' || named_partner_id",
    numerator='count(feature)',
    denominator='1'
  ) }}
from {{ ref('int_usage_windows__listed') }}
group by account_id, named_partner_id, partner_id, day
-- Features alone make no integration active; a successful call does.
having count(integration_id) > 0
