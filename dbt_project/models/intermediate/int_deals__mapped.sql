-- HubSpot's deals in the shape of opportunities. A deal is the opportunity `hubspot|<deal_id>` of the
-- account `hubspot|<company_id>`: that of its primary company, else of the first that is no partner.
-- Its stage is the stage's id, because labels repeat between pipelines (see int_stages__classified).
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

customers as (
  select
    deal_id,
    company_id
  from {{ ref('int_deal_companies__resolved') }}
  where not is_partner
  qualify
    row_number() over (
      partition by deal_id
      order by case when type_id = '5' then 0 else 1 end asc, company_id asc
    ) = 1
)

select
  'hubspot' as source,
  'deal' as entity,
  deals.deal_id as primary_key,
  {{ hubspot_id('deals.deal_id') }} as opportunity_id,
  {{ hubspot_id('customers.company_id') }} as account_id,
  deals.deal_name as opportunity_name,
  {{ hubspot_id("coalesce(deals.stage_id, '')") }} as stage_name,
  deals.amount,
  deals.currency,
  {{ local_date('deals.close_at') }} as close_on,
  deals.created_at,
  deals.deal_type as opportunity_type,
  -- HubSpot has no such field of its own.
  cast(null as boolean) as is_confidential,
  {{ lineage_columns_of('deals') }}
from {{ ref('int_deals__resolved') }} as deals
cross join settings
left join customers on deals.deal_id = customers.deal_id
