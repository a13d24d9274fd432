select
  id as company_id,
  property_name as company_name,
  property_domain as website,
  property_industry as industry,
  property_country as country,
  property_annualrevenue as annual_revenue,
  property_createdate as created_at,
  property_hs_lastmodifieddate as modified_at,
  is_deleted,
  {{ lineage_columns() }}
from {{ source('hubspot', 'company') }}
