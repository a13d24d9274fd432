-- The file rows that each observed thing comes from. Things made of events name the rows that
-- decide; daily aggregates name their files and how many rows of each count. Rows that stand behind
-- some days only say from when to when: what is observed on another day does not come from them.
-- Each part is a table of its own, so that news of one source makes its parts anew and no others; no two
-- have a row in common. The list is explicit, so that lineage stays real; a test compares it with the
-- files. The largest parts come first: so the published table is written with the least waste.
{{ config(materialized='view') }}

select * from {{ ref('entity_sources_usage') }}
union all
select * from {{ ref('entity_sources_installations') }}
union all
select * from {{ ref('entity_sources_opportunities') }}
union all
select * from {{ ref('entity_sources_service') }}
union all
select * from {{ ref('entity_sources_accounts') }}
union all
select * from {{ ref('entity_sources_partners') }}
union all
select * from {{ ref('entity_sources_marketing') }}
union all
select * from {{ ref('entity_sources_programme') }}
union all
select * from {{ ref('entity_sources_integrations') }}
