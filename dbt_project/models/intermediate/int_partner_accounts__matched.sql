-- The CRM accounts that stand for each partner, by every id that a CRM names them with. The registry
-- declares them (a HubSpot company by its own id or by `hubspot|<id>`); for a partner that declares
-- none, a person has reviewed it, or the account alone has the domain of the partner's website.
with partners as (
  select
    partner_id,
    crm_account_id,
    {{ own_domain('website') }} as domain
  from {{ ref('int_partners__resolved') }}
),

ids as (
  select
    named_id,
    account_id
  from {{ ref('int_accounts__matched') }}
  where named_by = 'id'
),

pairs as (
  select
    partner_id,
    crm_account_id as named_id,
    'declared' as method,
    1 as rank
  from partners
  where crm_account_id is not null
  union all
  select
    partner_id,
    {{ hubspot_id('crm_account_id') }} as named_id,
    'declared' as method,
    1 as rank
  from partners
  where crm_account_id is not null
  union all
  select
    case when source = 'prm' then id else matched_id end as partner_id,
    case when source = 'prm' then matched_id else id end as named_id,
    'reviewed' as method,
    2 as rank
  from {{ source('control', 'crosswalk') }}
  where kind = 'partner'
  union all
  select
    min(partners.partner_id) as partner_id,
    min(accounts.account_id) as named_id,
    'domain' as method,
    3 as rank
  from partners
  inner join {{ ref('int_accounts__matched') }} as accounts
    on
      accounts.named_by = 'domain'
      and partners.domain = accounts.named_id
  group by partners.domain
  having count(*) = 1
),

-- The better way counts, both for a partner and for an account.
chosen as (
  select
    pairs.partner_id,
    pairs.named_id,
    pairs.method,
    coalesce(ids.account_id, pairs.named_id) as account_id
  from pairs
  left join ids on pairs.named_id = ids.named_id
  qualify
    pairs.rank = min(pairs.rank) over (partition by pairs.partner_id)
    and pairs.rank
    = min(pairs.rank) over (partition by coalesce(ids.account_id, pairs.named_id))
)

select
  partner_id,
  named_id as account_id,
  method
from chosen
union
select
  chosen.partner_id,
  ids.named_id as account_id,
  chosen.method
from chosen
inner join ids on chosen.account_id = ids.account_id
