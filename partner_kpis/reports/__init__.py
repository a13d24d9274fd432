"""Documents to take into a meeting: QBR decks, the monthly ops pack, commission statements.

Belongs here: what a document says, in which edition, in which format, and checking one that exists.
Does not belong here: computing a KPI (dbt), reading the lake (pipelines), pages (dashboards).
"""
