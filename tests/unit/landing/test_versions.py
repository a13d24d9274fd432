"""Files that come twice, late, in other order: what is new, a duplicate, or read anew."""

from __future__ import annotations

import pytest

from partner_kpis.landing.judge import accept, withdraw
from partner_kpis.landing.ledger import Ledger
from partner_kpis.sources_config import EntitySettings
from tests.unit.landing.landing_world import LandingWorld, adds_up

STAMPED = "partner_id,name,partner_type,contract_start,updated_at\n"
UNSTAMPED = "integration_id,partner_id,name\n"


def test_a_file_that_comes_twice_is_all_duplicates(world: LandingWorld) -> None:
    world.land_one("registry/integration/a.csv", UNSTAMPED + "i1,P-1,One\n")
    copy = world.land_one("registry/integration/copy.csv", UNSTAMPED + "i1,P-1,One\n")
    assert (copy.status, copy.rows_read, copy.rows_duplicate) == ("loaded", 1, 1)
    assert len(world.rows("registry/integration")) == 1


def test_copies_in_one_scan_are_landed_once(world: LandingWorld) -> None:
    for name in ("a", "b"):
        world.drop(f"registry/integration/{name}.csv", UNSTAMPED + "i1,P-1,One\n")
    records = world.land()
    assert [r.rows_accepted for r in records] == [1, 0]
    assert all(adds_up(r) for r in records)


def test_the_same_content_under_another_export_date_is_landed_again(world: LandingWorld) -> None:
    for day, name in (("20260101", "One"), ("20260102", "Two"), ("20260103", "One")):
        world.land_one(f"registry/integration/x_{day}.csv", UNSTAMPED + f"i1,P-1,{name}\n")
    rows = world.rows("registry/integration", "cast(_export_date as varchar), name")
    assert rows == [("2026-01-01", "One"), ("2026-01-02", "Two"), ("2026-01-03", "One")]


def test_a_stamped_row_in_another_file_is_a_duplicate_whatever_the_date(
    world: LandingWorld,
) -> None:
    row = "P-1,A,sales,2024-01-01,2026-01-01T00:00:00Z\n"
    world.land_one("prm/partner/x_20260101.csv", STAMPED + row)
    later = world.land_one(
        "prm/partner/x_20260102.csv",
        STAMPED + row + "P-2,B,sales,2024-01-01,2026-01-02T00:00:00Z\n",
    )
    assert (later.rows_accepted, later.rows_duplicate) == (1, 1)
    assert later.version_rule == "modification_stamp"


def test_without_stamp_and_date_a_return_to_older_content_is_news(world: LandingWorld) -> None:
    for name, text in (("a", "One"), ("b", "Two"), ("c", "One\ni2,P-1,Other")):
        world.land_one(f"registry/integration/{name}.csv", UNSTAMPED + f"i1,P-1,{text}\n")
    names = [row[0] for row in world.rows("registry/integration", "name")]
    assert names == ["One", "Two", "One", "Other"]


def test_a_repeated_row_of_one_file_is_counted_and_stored_once(world: LandingWorld) -> None:
    row = "i1,P-1,One\n"
    record = world.land_one("registry/integration/a.csv", UNSTAMPED + row + row)
    assert (record.rows_read, record.rows_accepted, record.rows_duplicate) == (2, 1, 1)


def test_nothing_new_adds_nothing_to_the_lake(world: LandingWorld) -> None:
    world.land_one("registry/integration/a.csv", UNSTAMPED + "i1,P-1,One\n")
    before = sorted(p for p in world.home.lake.rglob("*") if p.is_file())
    assert world.land() == []
    assert sorted(p for p in world.home.lake.rglob("*") if p.is_file()) == before


def test_changed_settings_read_a_file_anew_in_place_of_the_old_reading(
    world: LandingWorld,
) -> None:
    header = "partner_id,name,partner_type,contract_start,tier\n"
    first = world.land_one("prm/partner/a.csv", header + "P-1,A,sales,2024-01-01,Gold\n")
    world.settings["prm/partner"] = EntitySettings(values={"tier": {"Gold": "strategic"}})
    (again,) = world.land()
    assert again.landed_seq == first.landed_seq
    assert world.rows("prm/partner", "tier") == [("strategic",)]
    assert Ledger.read(world.home).get(first.record_id).status == "replaced"
    assert world.land() == []


def test_withdrawing_a_file_brings_back_rows_that_others_counted_as_its_duplicates(
    world: LandingWorld,
) -> None:
    world.land_one("registry/integration/a.csv", UNSTAMPED + "i1,P-1,One\ni2,P-1,Two\n")
    world.land_one("registry/integration/b.csv", UNSTAMPED + "i2,P-1,Two\ni3,P-1,Three\n")
    withdraw(Ledger.read(world.home), "w", "a.csv")
    world.land()
    rows = sorted(world.rows("registry/integration", "integration_id"))
    assert rows == [("i2",), ("i3",)]
    assert world.land() == []


def test_a_held_file_can_be_accepted_with_a_reason(world: LandingWorld) -> None:
    world.drop("registry/integration/a.csv", UNSTAMPED + "i1,P-1,One\n")
    (held,) = world.land(promote=False)
    assert held.status == "held"
    assert world.rows("registry/integration") == []
    accept(Ledger.read(world.home), "a", "registry/integration/a.csv", "checked by hand")
    record = Ledger.read(world.home).get(held.record_id)
    assert (record.status, record.accepted_because) == ("loaded", "checked by hand")


def test_an_ambiguous_or_unknown_file_name_is_a_sentence(world: LandingWorld) -> None:
    for folder in ("registry/integration/2026-01-01", "registry/integration/2026-01-02"):
        world.drop(f"{folder}/a.csv", UNSTAMPED + f"i1,P-1,{folder[-1]}\n")
    world.land()
    with pytest.raises(Exception, match="may mean"):
        withdraw(Ledger.read(world.home), "w", "a.csv")
    with pytest.raises(Exception, match=r"is called .nothing[.]csv."):
        withdraw(Ledger.read(world.home), "w", "nothing.csv")


def test_events_lie_in_one_file_a_month_with_their_days(world: LandingWorld) -> None:
    lines = "\n".join(
        f'{{"messageId":"m{i}","event":"x","timestamp":"2026-0{month}-0{day}T10:00:00Z"}}'
        for i, (month, day) in enumerate([(1, 1), (1, 5), (3, 2)])
    )
    record = world.land_one("telemetry/event/a.jsonl", lines)
    assert sorted((p.first_day, p.last_day) for p in record.parts) == [
        ("2026-01-01", "2026-01-05"), ("2026-03-02", "2026-03-02"),
    ]  # fmt: skip
    again = world.land_one("telemetry/event/b.jsonl", lines + "\n" + lines.replace("m0", "m9"))
    assert (again.rows_accepted, again.rows_duplicate) == (1, 5)
