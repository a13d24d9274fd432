with newest as (
  {{ latest_version(ref('stg_prm__content_uses'), ['event_id']) }}
)

select * from newest
