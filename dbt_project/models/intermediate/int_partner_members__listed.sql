-- The members of each dimension that a partner belongs to, by day: [valid_from, valid_to).
with versions as (
  select * from {{ ref('int_partner_versions__derived') }}
)

select partner_id, 'partner' as dimension, partner_id as member, valid_from, valid_to from versions
union all
select partner_id, 'tier' as dimension, tier as member, valid_from, valid_to from versions
union all
select partner_id, 'partner_type' as dimension, partner_type as member, valid_from, valid_to from versions
union all
select partner_id, 'region' as dimension, region as member, valid_from, valid_to from versions
