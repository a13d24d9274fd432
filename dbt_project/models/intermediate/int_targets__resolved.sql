with newest as (
  {{ latest_version(ref('stg_planning__targets'), ['kpi_id', 'dimension', 'member', 'valid_from']) }}
)

select * from newest

