"""Taking a file out says what follows, and can be undone."""

from __future__ import annotations

from partner_kpis.home import DataHome
from tests.conftest import Command
from tests.unit.landing.landing_world import LandingWorld

PROBES = "integration_id,checked_at,is_up\nx,2026-03-01T10:00:00Z,true\n"


def test_a_copy_under_another_name_is_named(command: Command, home: DataHome) -> None:
    world = LandingWorld(home)
    world.drop("sla/probe/a.csv", PROBES)
    world.drop("sla/probe/b.csv", PROBES)
    world.land()
    told = command("withdraw", "a.csv", "--home", home.root)
    assert told.code == 0 and "The next run takes it from there." in told.out
    assert "  sla/probe/b.csv\n" in told.out and "publishes without it" not in told.out
    world.land()
    assert world.rows("sla/probe", "_file_name") == [("sla/probe/b.csv",)]
    last = command("withdraw", "b.csv", "--home", home.root)
    assert last.out == "Withdrew sla/probe/b.csv. The next run publishes without it.\n"
    world.land()
    assert world.rows("sla/probe") == []


def test_status_lists_what_was_withdrawn_and_renaming_takes_it_back(
    command: Command, home: DataHome
) -> None:
    world = LandingWorld(home)
    path = world.drop("sla/probe/a.csv", PROBES)
    world.land()
    assert "Withdrawn" not in command("status", "--home", home.root).out
    command("withdraw", "a.csv", "--home", home.root)
    said = command("status", "--home", home.root).out
    assert "Withdrawn  1\n  sla/probe/a.csv\n" in said and "rename it in landing/" in said
    assert "Zurückgezogen  1\n" in command("status", "--home", home.root, "--lang", "de").out
    world.land()
    assert world.rows("sla/probe") == []
    path.rename(path.with_name("a_again.csv"))
    (record,) = world.land()
    assert (record.status, record.rows_accepted) == ("loaded", 1)
    assert "Withdrawn" not in command("status", "--home", home.root).out
