"""Alerts: what leaves its bounds is told once, with the reason and what to do.

    rules.py      what config/alerts.yml may say, as strict models
    settings.py   reading it, beside the rules that hold without it
    readings.py   one subject of one rule at one moment: the noun between measuring and judging
    kpi_readings.py, due_readings.py, data_readings.py   where readings come from
    lifecycle.py  the state machine: readings and acts of people in, events out; pure
    episodes.py   what the events add up to
    log.py        the append-only log of events, with the outbox in it
    messages.py   the words of a message
    delivery.py   handing messages to channels (sending.py speaks to one, quiet_hours.py waits)
    evaluate.py   all of it, after each publication; tick.py: what needs no publication
    replay.py     a rule over history, before it is switched on

Does not belong here: how a KPI is computed, pages, commands, schedules.
"""
