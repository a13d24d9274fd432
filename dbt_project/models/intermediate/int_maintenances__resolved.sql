with newest as (
  {{ latest_version(ref('stg_sla__statuspage_maintenances'), ['maintenance_id']) }}
)

select * from newest

