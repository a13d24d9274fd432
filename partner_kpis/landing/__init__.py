"""The landing zone: from files as users drop them to typed rows in the lake.

Belongs here: finding files, one reader per format, row accounting, the ledger, the lake's files.
Does not belong here: what the rows mean (dbt) or whether a set of rows is plausible (contracts).
"""
