with newest as (
  {{ latest_version(ref('stg_prm__programme_costs'), ['month', 'category']) }}
)

select
  *,
  cast(month as {{ dbt.type_string() }}) || '|' || category as cost_id
from newest
