with newest as (
  {{ latest_version(ref('stg_lms__certifications'), ['person_id', 'certification', 'issued_on']) }}
)

select * from newest
