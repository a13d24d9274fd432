"""Names that look alike are suggested with a score, whatever their legal form or word order."""

from __future__ import annotations

import random
import time
from pathlib import Path

import duckdb
import pytest

from partner_kpis.suggestions import LOWEST_SCORE, Name, alike, similarity, suggestions, words_of


def score(one: str, other: str) -> float:
    return similarity(Name.of("1", one), Name.of("2", other))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Köhler & Söhne Systemhaus GmbH & Co. KG", ("koehler", "soehne", "systemhaus")),
        ("De Waag Digitaal B.V.", ("de", "waag", "digitaal")),
        ("Atelier Numérique Rhône S.A.S.", ("atelier", "numerique", "rhone")),
        ("Østersø Cloud ApS", ("oestersoe", "cloud")),
        ("Groß-Wald Sp. z o.o.", ("gross", "wald")),
        ("AG", ("ag",)),
        ("  ", ()),
    ],
)
def test_a_name_is_its_words_without_legal_forms(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller Consulting GmbH", "Mueller Consulting AG"),
        ("Nordlys Integrasjon AS", "Integrasjon Nordlys"),
        ("Blue Sky Ltd", "BlueSky Limited"),
        ("Brackwater Consulting", "Brackwatter Consulting"),
    ],
)
def test_names_of_one_company_are_alike(one: str, other: str) -> None:
    assert score(one, other) >= LOWEST_SCORE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alpha GmbH", "Beta GmbH"),
        ("Alpha GmbH & Co. KG", "Omega GmbH & Co. KG"),
        ("Nordwind Consulting GmbH", "Südwind Consulting GmbH"),
    ],
)
def test_a_legal_form_or_a_common_word_makes_no_names_alike(one: str, other: str) -> None:
    assert score(one, other) < LOWEST_SCORE


def test_each_record_has_its_three_best_candidates_the_best_first() -> None:
    names = ["Acme Software", "Acme Softwares", "Acme Softwares B", "Acme Softwaretown", "Zebra"]
    candidates = [Name.of(str(number), name) for number, name in enumerate(names)]
    found = list(alike([Name.of("P", "ACME Software GmbH")], candidates))
    assert [candidate.id for _, candidate, _ in found] == ["0", "1", "2"]
    scores = [value for *_, value in found]
    assert scores == sorted(scores, reverse=True) and scores[0] == 1
    assert not list(alike([Name.of("P", "")], candidates))


def test_a_thousand_partners_and_twenty_thousand_accounts_take_seconds() -> None:
    draw = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    common = ["Consulting", "Software", "Systems", "Digital", "Solutions"]

    def name() -> str:
        word = "".join(draw.choices(letters, k=draw.randrange(4, 10)))
        return f"{word} {draw.choice(common)} {draw.choice(['GmbH', 'AG', 'Ltd'])}"

    accounts = [Name.of(f"A{number}", name()) for number in range(20_000)]
    partners = [Name.of(f"P{number}", accounts[number * 7].name.lower()) for number in range(1_000)]
    began = time.perf_counter()
    found = {
        record.id: candidate for record, candidate, value in alike(partners, accounts) if value == 1
    }
    assert time.perf_counter() - began < 10
    assert len(found) == 1_000


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute(
            """
            create table identity_matches as select * from (values
                ('partner', 'prm', 'partner', 'P1', null, 'none'),
                ('partner', 'prm', 'partner', 'P2', 'S2', 'declared'),
                ('account', 'hubspot', 'company', 'hubspot|3', null, 'none'),
                ('account', 'telemetry', 'event', 'hubspot|3', null, 'none'),
                ('integration', 'sla', 'statuspage_incident', 'page|Payroll link', null, 'none'),
                ('integration', 'sla', 'statuspage_incident', 'page|API', 'I2', 'declared')
            ) as t(kind, source, entity, source_id, matched_id, method);
            create table int_partners__resolved as
                select 'P1' as partner_id, 'Alpenblick Beratung AG' as name;
            create table int_accounts__resolved as select * from (values
                ('salesforce', 'S1', 'Alpenblick-Beratung'),
                ('salesforce', 'S2', 'Alpenblick Beratung'),
                ('salesforce', 'S3', 'Seerose Pumpen GmbH'),
                ('hubspot', 'hubspot|3', 'SEEROSE PUMPEN'),
                ('hubspot', 'hubspot|4', 'Alpenblick Beratung')
            ) as t(source, account_id, account_name);
            create table int_accounts__matched as select * from (values
                ('id', 'salesforce', 'S1', 'S1'), ('id', 'salesforce', 'S2', 'S2'),
                ('id', 'salesforce', 'S3', 'S3'), ('id', 'hubspot', 'hubspot|3', 'hubspot|3'),
                ('id', 'hubspot', 'hubspot|4', 'S1')
            ) as t(named_by, source, named_id, account_id);
            create table int_partner_accounts__matched as select 'S2' as account_id;
            create table int_integrations__resolved as select * from (values
                ('I1', 'Payroll Link'), ('I2', 'Payroll-Link')) as t(integration_id, name);
            """
        )
    return path


def test_only_what_is_unmatched_is_suggested_and_only_what_is_free(warehouse: Path) -> None:
    found = suggestions(warehouse)
    assert found.select("kind", "source", "entity", "source_id", "candidate_id").rows() == [
        ("partner", "prm", "partner", "P1", "S1"),
        ("account", "hubspot", "company", "hubspot|3", "S3"),
        ("integration", "sla", "statuspage_incident", "page|Payroll link", "I1"),
    ]
    assert found["source_name"].to_list()[2] == "Payroll link"
    assert found["candidate_name"].to_list()[0] == "Alpenblick-Beratung"
    assert found["score"].to_list() == [1, 1, 1]


def test_where_everything_is_matched_nothing_is_suggested(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse)) as con:
        con.execute("delete from identity_matches where method = 'none'")
    assert suggestions(warehouse).is_empty()
