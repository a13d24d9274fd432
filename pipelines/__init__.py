"""Dagster: the same steps as a job with lineage, checks, history, schedules and a sensor.

Belongs here: thin shells around partner_kpis. Does not belong here: what a step does.
"""
