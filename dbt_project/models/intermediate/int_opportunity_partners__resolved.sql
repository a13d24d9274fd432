with newest as (
  {{ latest_version(ref('stg_salesforce__opportunity_partners'), ['opportunity_partner_id']) }}
)

select * from newest
where not coalesce(is_deleted, false)
