with newest as (
  {{ latest_version(ref('stg_salesforce__accounts'), ['account_id']) }}
)

select * from newest
where not coalesce(is_deleted, false)
