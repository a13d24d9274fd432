with newest as (
  {{ latest_version(ref('stg_sla__upptime_days'), ['slug', 'day']) }}
)

select * from newest
