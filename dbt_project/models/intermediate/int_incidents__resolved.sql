with newest as (
  {{ latest_version(ref('stg_sla__statuspage_incidents'), ['incident_id']) }}
)

select * from newest

