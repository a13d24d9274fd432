with newest as (
  {{ latest_version(ref('stg_prm__commission_payments'), ['payment_id']) }}
)

select * from newest
