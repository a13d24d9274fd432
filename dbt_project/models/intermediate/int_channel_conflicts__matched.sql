-- Each registration that was submitted while another partner's for the same customer was protected, and
-- that other one. Protected: approved as known now, from the day it was submitted to protected_until.
select
  contested.registration_id,
  contested.submitted_on,
  held.registration_id as held_registration_id
from {{ ref('int_deal_registrations__stated') }} as contested
inner join {{ ref('int_deal_registrations__stated') }} as held
  on
    contested.customer_account_id = held.customer_account_id
    and contested.partner_ref <> held.partner_ref
    and contested.submitted_on between held.submitted_on and held.protected_until
where held.decision = 'approved'
