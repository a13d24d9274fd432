"""The pure library of partner-kpis: contracts, landing, policies, publishing and reading.

Belongs here: everything the shells (command line, Dagster, Streamlit) share.
Does not belong here: anything that imports dagster, streamlit or dbt.
"""
