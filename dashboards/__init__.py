"""The pages: thin, and only ever over a Snapshot.

Belongs here: navigation, views, components, caching. Does not belong here: queries, arithmetic,
texts or colours (partner_kpis), dbt, the lake or the warehouse.
"""
