-- How each partner's open pipeline came from the beginning of a quarter to its end: opening, the moves
-- with their signs, closing, and beside them what slipped. A partner has every move of every quarter,
-- from the first in which a deal that it influences was open, won or lost.
with changes as (
  select
    *,
    -- What the deal came to in the quarter: what it ended with, or what it went with.
    coalesce(amount_after, amount_gone) as amount_last
  from {{ ref('int_pipeline_changes__compared') }}
),

kinds as (
  select 1 as position, 'opening' as move
  union all
  select 2 as position, 'new' as move
  union all
  select 3 as position, 'resized' as move
  union all
  select 4 as position, 'won' as move
  union all
  select 5 as position, 'lost' as move
  union all
  select 6 as position, 'left' as move
  union all
  select 7 as position, 'closing' as move
  union all
  select 8 as position, 'slipped' as move
),

moved as (
  select partner_id, first_day, 'opening' as move, amount_before as amount
  from changes
  where amount_before is not null
  union all
  select partner_id, first_day, 'new' as move, amount_last as amount
  from changes
  where amount_before is null
  union all
  select partner_id, first_day, 'resized' as move, amount_last - amount_before as amount
  from changes
  where amount_last <> amount_before
  union all
  select partner_id, first_day, went_as as move, -amount_gone as amount
  from changes
  where went_as is not null
  union all
  select partner_id, first_day, 'closing' as move, amount_after as amount
  from changes
  where amount_after is not null
  union all
  select partner_id, first_day, 'slipped' as move, amount_after as amount
  from changes
  where is_slipped
),

summed as (
  select
    partner_id,
    first_day,
    move,
    count(*) as opportunities,
    sum(amount) as amount
  from moved
  group by partner_id, first_day, move
),

begun as (
  select partner_id, min(first_day) as first_quarter
  from changes
  group by partner_id
)

select
  begun.partner_id,
  quarters.first_day as period_start,
  kinds.position,
  kinds.move,
  coalesce(summed.opportunities, 0) as opportunities,
  cast(coalesce(summed.amount, 0) as decimal(28, 9)) as amount
from begun
inner join {{ ref('int_quarters__listed') }} as quarters on begun.first_quarter <= quarters.first_day
cross join kinds
left join summed
  on
    begun.partner_id = summed.partner_id
    and quarters.first_day = summed.first_day
    and kinds.move = summed.move
