with newest as (
  {{ latest_version(ref('stg_registry__integrations'), ['integration_id']) }}
)

select * from newest

