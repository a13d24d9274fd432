-- What ids mean, one row an id: `named_by` says whether named_id is the id of an account of a CRM, a
-- website domain that one account has, or an id that a person reviewed (source and entity name it).
-- account_id is the account's one id in all systems: a company of HubSpot that is an account of
-- Salesforce, too, has the latter's. To look an id up, use the macro accounts_of.
with accounts as (
  select
    source,
    entity,
    primary_key,
    account_id,
    {{ own_domain('website') }} as domain
  from {{ ref('int_accounts__resolved') }}
),

-- Accounts that no other of their CRM shares the domain with.
alone as (
  select
    source,
    domain,
    min(account_id) as account_id
  from accounts
  where domain is not null
  group by source, domain
  having count(*) = 1
),

joined_by_domain as (
  select
    accounts.source,
    accounts.entity,
    accounts.primary_key,
    accounts.account_id as own_id,
    accounts.domain,
    coalesce(salesforce.account_id, accounts.account_id) as account_id,
    case when salesforce.account_id is null then 'declared' else 'domain' end as method
  from accounts
  left join alone as hubspot
    on
      hubspot.source = 'hubspot'
      and accounts.account_id = hubspot.account_id
  left join alone as salesforce
    on
      salesforce.source = 'salesforce'
      and hubspot.domain = salesforce.domain
),

-- Other systems name a company of HubSpot by its own id or by ours; Salesforce's ids come first.
names as (
  select
    *,
    own_id as named_id,
    1 as rank
  from joined_by_domain
  union all
  select
    *,
    primary_key as named_id,
    2 as rank
  from joined_by_domain
  where source = 'hubspot'
),

known as (
  select * from names
  qualify row_number() over (partition by named_id order by rank asc) = 1
),

reviewed as (
  select
    source,
    entity,
    id as named_id,
    matched_id
  from {{ source('control', 'crosswalk') }}
  where kind = 'account'
),

-- A company that is matched to itself is kept apart from what its domain says.
canonical as (
  select
    known.source,
    known.entity,
    known.named_id,
    known.domain,
    case
      when reviewed.matched_id = known.own_id then known.own_id
      else coalesce(matched.account_id, reviewed.matched_id, known.account_id)
    end as account_id,
    case when reviewed.matched_id is null then known.method else 'reviewed' end as method
  from known
  left join reviewed
    on
      known.source = reviewed.source
      and known.entity = reviewed.entity
      and known.own_id = reviewed.named_id
  left join known as matched on reviewed.matched_id = matched.named_id
)

select
  'id' as named_by,
  source,
  entity,
  named_id,
  account_id,
  method
from canonical
union all
select
  'domain' as named_by,
  cast(null as {{ dbt.type_string() }}) as source,
  cast(null as {{ dbt.type_string() }}) as entity,
  domain as named_id,
  min(account_id) as account_id,
  'domain' as method
from canonical
where domain is not null
group by domain
having count(distinct account_id) = 1
union all
select
  'review' as named_by,
  reviewed.source,
  reviewed.entity,
  reviewed.named_id,
  coalesce(matched.account_id, reviewed.matched_id) as account_id,
  'reviewed' as method
from reviewed
left join canonical as matched on reviewed.matched_id = matched.named_id
where reviewed.source <> 'hubspot'
