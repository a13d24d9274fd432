-- The end of each contract that any landed version of a partner names, with the versions that speak of
-- it: those that name this end, and those whose renewal falls between 180 days before and 30 days
-- after it. A newer version names the next end, so that the newest alone knows no renewal.
with versions as (
  {{ known_versions(ref('stg_prm__partners')) }}
),

ends as (
  select distinct
    partner_id,
    contract_end
  from versions
  where contract_end is not null
),

matched as (
  select
    ends.partner_id,
    ends.contract_end,
    versions.contract_end as named_end,
    coalesce(
      versions.renewed_on between {{ add_days('ends.contract_end', -180) }} and {{ add_days('ends.contract_end', 30) }},
      false
    ) as is_renewal,
    {{ row_reference('versions') }}
  from ends
  inner join versions on ends.partner_id = versions.partner_id
)

select
  partner_id || '|' || cast(contract_end as {{ dbt.type_string() }}) as contract_id,
  partner_id,
  {{ add_days('contract_end', 30) }} as settled_on,
  is_renewal,
  file_name,
  file_sha256,
  row_number,
  version_at
from matched
where is_renewal or named_end = contract_end
