select
  id as campaign_id,
  name as campaign_name,
  type as campaign_type,
  status,
  start_date as starts_on,
  end_date as ends_on,
  budgeted_cost,
  actual_cost,
  currency_iso_code as currency,
  partner_account as partner_account_id,
  is_deleted,
  {{ lineage_columns() }}
from {{ source('salesforce', 'campaign') }}
