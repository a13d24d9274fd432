-- Each account that has won opportunities, with the first of them: the one that makes it a customer.
select
  account_id,
  opportunity_id,
  closed_on as won_on
from {{ ref('int_won_opportunities__converted') }}
where account_id is not null
qualify
  row_number() over (
    partition by account_id
    order by closed_at asc, opportunity_id asc
  ) = 1
