-- Everything that waits for something: since when, how long in days, and whether it came by as_of. What
-- still waits has waited until as_of (a censored duration). One row per KPI and thing that waits.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

installations as (
  select
    installations.*,
    integrations.partner_id as named_partner_id,
    coalesce(installations.activated_at, settings.as_of_ends_at) as waited_until
  from {{ ref('int_installations__derived') }} as installations
  cross join settings
  left join {{ ref('int_integrations__resolved') }} as integrations
    on installations.integration_id = integrations.integration_id
),

-- A deal counts while the contract holds, which it no longer does on the day it ends.
contracts as (
  select
    deals.partner_id,
    deals.contract_start,
    deals.won_on is not null and (deals.ended_on is null or deals.ended_on > deals.won_on) as is_finished,
    case
      when deals.won_on is not null and (deals.ended_on is null or deals.ended_on > deals.won_on) then deals.won_on
      when deals.ended_on <= settings.as_of then {{ add_days('deals.ended_on', -1) }}
      else settings.as_of
    end as waited_until_on
  from {{ ref('int_first_deals__derived') }} as deals
  cross join settings
  where deals.contract_start <= settings.as_of
)

select
  'time_to_activation' as kpi_id,
  installations.installation_id as entity_id,
  partners.partner_id,
  installations.started_on,
  cast({{ microseconds_between('installations.started_at', 'installations.waited_until') }} as double)
  / 86400000000 as waited_days,
  installations.activated_at is not null as is_finished
from installations
left join {{ ref('int_partners__resolved') }} as partners
  on installations.named_partner_id = partners.partner_id
union all
select
  'time_to_first_deal' as kpi_id,
  partner_id as entity_id,
  partner_id,
  contract_start as started_on,
  cast({{ dbt.datediff('contract_start', 'waited_until_on', 'day') }} as double) as waited_days,
  is_finished
from contracts
where waited_until_on >= contract_start
