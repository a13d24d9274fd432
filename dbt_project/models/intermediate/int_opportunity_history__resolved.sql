-- History rows of opportunities that exist: deleted rows and deleted opportunities don't.
with newest as (
  {{ latest_version(ref('stg_salesforce__opportunity_history'), ['history_id']) }}
)

select newest.*
from newest
inner join {{ ref('int_opportunities__resolved') }} as opportunities
  on newest.opportunity_id = opportunities.opportunity_id
where not coalesce(newest.is_deleted, false)
