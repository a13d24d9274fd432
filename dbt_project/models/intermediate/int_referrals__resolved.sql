with newest as (
  {{ latest_version(ref('stg_prm__referrals'), ['referral_id']) }}
)

select * from newest

