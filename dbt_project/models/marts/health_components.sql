-- What each partner's health score of a month is made of. Components without data stand there with
-- their policy's weight alone.
select
  partner_id,
  period_start,
  component,
  measure,
  score,
  weight,
  contribution,
  policy_weight
from {{ ref('int_health_months__picked') }}
