with newest as (
  {{ latest_version(ref('stg_survey__responses'), ['response_id']) }}
)

select * from newest
