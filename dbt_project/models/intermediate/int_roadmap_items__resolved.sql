with newest as (
  {{ latest_version(ref('stg_roadmap__items'), ['item_id']) }}
)

select * from newest
