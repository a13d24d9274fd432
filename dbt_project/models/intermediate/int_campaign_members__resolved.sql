with newest as (
  {{ latest_version(ref('stg_salesforce__campaign_members'), ['campaign_member_id']) }}
)

select * from newest
where not coalesce(is_deleted, false)
