with newest as (
  {{ latest_version(ref('stg_prm__mdf_claims'), ['claim_id']) }}
)

select * from newest
