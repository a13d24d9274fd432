-- Members who responded to a campaign that is run with a partner. A day of response counts from its
-- beginning; without one the member's creation does. partner_id is null when the registry does not
-- know the campaign's partner account; accounts that several partners name count for each.
with settings as (
  select * from {{ ref('int_run_settings__derived') }}
),

responses as (
  select
    members.campaign_member_id,
    members.lead_id,
    members.contact_id,
    members.campaign_id,
    campaigns.partner_account_id,
    coalesce(
      {{ local_day_starts_at('members.first_responded_on') }}, members.created_at
    ) as responded_at,
    coalesce(members.first_responded_on, {{ local_date('members.created_at') }}) as responded_on,
    {{ row_reference('members') }}
  from {{ ref('int_campaign_members__resolved') }} as members
  inner join {{ ref('int_campaigns__resolved') }} as campaigns
    on members.campaign_id = campaigns.campaign_id
  cross join settings
  where
    members.has_responded
    and campaigns.partner_account_id is not null
)

select
  responses.*,
  accounts.partner_id,
  responses.partner_account_id as partner_ref
from responses
left join {{ ref('int_partner_accounts__matched') }} as accounts
  on responses.partner_account_id = accounts.account_id
