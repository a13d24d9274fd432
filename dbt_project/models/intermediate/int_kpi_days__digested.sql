-- What each KPI observed on a day as one number, the members of the day included: two builds that
-- observed the same have the same number.
select
  observations.kpi_id,
  observations.observed_on,
  {{ rows_digest([
    'observations.entity_type', 'observations.entity_id', 'observations.partner_id',
    'observations.numerator', 'observations.denominator',
    'versions.partner_id', 'versions.tier', 'versions.partner_type', 'versions.region'
  ]) }} as day_digest
from {{ ref('kpi_observations') }} as observations
left join {{ ref('int_partner_versions__derived') }} as versions
  on
    observations.partner_id = versions.partner_id
    and observations.observed_on >= versions.valid_from
    and (versions.valid_to is null or observations.observed_on < versions.valid_to)
group by observations.kpi_id, observations.observed_on
