-- Tickets as their newest versions describe them. Zendesk keeps deleted ones as a status.
with newest as (
  {{ latest_version(ref('stg_support__zendesk_tickets'), ['ticket_id']) }}
)

select * from newest
where lower(trim(status)) <> 'deleted'
