with newest as (
  {{ latest_version(ref('stg_qbr__actions'), ['action_id']) }}
)

select * from newest
