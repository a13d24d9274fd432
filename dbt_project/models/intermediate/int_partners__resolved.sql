with newest as (
  {{ latest_version(ref('stg_prm__partners'), ['partner_id']) }}
)

select * from newest

