with newest as (
  {{ latest_version(ref('stg_prm__deal_registrations'), ['registration_id']) }}
)

select * from newest

