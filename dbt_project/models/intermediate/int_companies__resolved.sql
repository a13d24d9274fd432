with newest as (
  {{ latest_version(ref('stg_hubspot__companies'), ['company_id']) }}
)

select * from newest
where not coalesce(is_deleted, false)
