-- The file rows behind what customers say and ask: answers to surveys and tickets of support. Each has
-- one row.
select
  {{ evidence_row('response', 'response_id', 'survey', 'response', 'response_id', 'response') }}
from {{ ref('int_responses__resolved') }} as response
union all
select
  {{ evidence_row('ticket', 'ticket_id', 'support', 'zendesk_ticket', 'ticket_id', 'ticket') }}
from {{ ref('int_tickets__resolved') }} as ticket
