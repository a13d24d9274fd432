with newest as (
  {{ latest_version(ref('stg_finance__ecb_rates'), ['rate_on', 'currency']) }}
)

select * from newest
where units_per_euro > 0
