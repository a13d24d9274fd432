"""config/alerts.yml: every fault is a sentence with its line; what is right is in force."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from partner_kpis.alerts import settings
from partner_kpis.alerts.rules import DataRule, DueRule, KpiRule
from partner_kpis.catalogue import read_definition_files
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.publish import as_served
from partner_kpis.serving import KpiDefinition

PINNED = ["partner_health_score", "partner_influenced_pipeline"]


@pytest.fixture(scope="module")
def kpis() -> list[KpiDefinition]:
    return [as_served(each, PINNED) for each in read_definition_files()]


@pytest.fixture
def home(tmp_path: Path) -> DataHome:
    return DataHome.at(tmp_path).create()


RULE = "  - {id: low, kpi: partner_win_rate, when: {below: 0.2}"


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("chanels: {}", 1, "the key 'chanels' is unknown (did you mean 'channels'?)"),
        ("channels:\n  team: {}", 2, "either url or url_env"),
        ("channels:\n  team: {url: here}", 2, "an address of Apprise such as"),
        ("channels:\n  'my team': {url: json://x}", 2, "letters, digits, - and _ alone"),
        ("channels:\n  a: {url: json://x, quiet_hours: {from: '20:00', until: '20:00'}}", 2,
         "must differ"),
        ("channels:\n  a: {url: json://x, quiet_hours: {from: 20:00, until: 07:00}}", 2,
         "in quotation marks"),
        ("defaults: {channels: [team]}", 1, "there is no channel 'team'"),
        ("channels: {team: {url: json://x}}\nroles:\n  Boss: [taem]", 3, "mean 'team'"),
        ("without: [partner_dorment]", 1, "mean 'partner_dormant'"),
        ("dashboard_url: scorecards", 1, "dashboard_url"),
        ("rules:\n  - {id: low}", 2, "a rule needs one of kpi, family, due"),
        ("rules:\n  - {id: low, kpi: partner_win_rat, when: {below: 0.2}}", 2,
         "there is no KPI 'partner_win_rat' (did you mean 'partner_win_rate'?)"),
        ("rules:\n  - {id: low, family: values, when: {outside: corridor}}", 2, "mean 'value'"),
        (f"rules:\n{RULE}, channels: [team]}}", 2, "there is no channel 'team'"),
        (f"rules:\n{RULE}}}\n{RULE}}}", 3, "the rule 'low' stands there twice"),
        (f"rules:\n{RULE}, for: 0}}", 2, "greater than or equal to 1"),
        (f"rules:\n{RULE}, four: 2}}", 2, "the key 'four' is unknown (did you mean 'for'?)"),
        (f"rules:\n{RULE}, severity: loud}}", 2, "'critical'"),
        (f"rules:\n{RULE}, clear: {{above: 0.1}}}}", 2, "clear.above 0.1 must not lie under"),
        (f"rules:\n{RULE}, scope: {{dimension: galaxy}}}}", 2, "scope.dimension"),
        (f"rules:\n{RULE}, period: week}}", 2, "told by month and longer periods"),
        (f"rules:\n{RULE}, guards: {{kpi: nope, below: 0.1}}}}", 2, "there is no KPI 'nope'"),
        ("rules:\n  - {id: x, kpi: partner_win_rate, when: {below: 25}}", 2, "25 % is 0.25"),
        ("rules:\n  - {id: x, kpi: mttr_hours, when: {below: 0}}", 2, "is never below 0"),
        ("rules:\n  - {id: x, kpi: partner_win_rate, when: {below: 0.6, above: 0.5}}", 2,
         "leave no room between"),
        ("rules:\n  - {id: x, kpi: partner_win_rate, when: {anomaly: {}}}", 2,
         "an anomaly has a floor"),
        ("rules:\n  - {id: x, kpi: partner_win_rate, when: {}}", 2, "name one of"),
        ("rules:\n  - {id: x, kpi: partner_win_rate,\n     when: {change: {falls_by: 0.1, "
         "rises_by: 0.1}}}", 3, "either falls_by or rises_by"),
        ("rules:\n  - {id: x, due: passport}", 2, "'certificate'"),
        ("rules:\n  - {id: x, due: certificate, days: [7, 30]}", 2, "must fall"),
        ("rules:\n  - {id: Big, late: referral}", 2, "id: an id is of small letters"),
        ("rules:\n  - {id: x, data: sad}", 2, "'stale'"),
        ("rules:\n  - {id: x, kpi: revenue_concentration_top3, scope: {dimension: partner}, "
         "when: {outside: corridor}}", 2, "is not by partner"),
    ],
)  # fmt: skip
def test_a_fault_is_a_sentence_that_names_its_line(
    home: DataHome, kpis: list[KpiDefinition], content: str, line: int, words: str
) -> None:
    home.alerts_file.write_text(content)
    with pytest.raises(UserError) as said:
        settings.load(home, kpis)
    told = str(said.value)
    assert told.startswith(f"{home.alerts_file}: ") and told.endswith(
        "docs/alerts.md lists all keys."
    )
    assert f"line {line}: " in told
    assert words in told


@pytest.mark.parametrize(
    "content",
    [
        "channels: {team: 'slack://S3CRET/b/c'}",
        "channels: {team: {url_env: slack://S3CRET/b/c}}",
        "channels: ['slack://S3CRET/b/c']",
        "roles: {Management: ['slack://S3CRET/b/c']}",
        "defaults: {channels: ['slack://S3CRET/b/c']}",
    ],
)
def test_an_address_in_the_wrong_place_is_not_repeated(
    home: DataHome, kpis: list[KpiDefinition], content: str
) -> None:
    home.alerts_file.write_text(content)
    with pytest.raises(UserError) as said:
        settings.load(home, kpis)
    assert "S3CRET" not in str(said.value)


def test_all_faults_are_said_at_once(home: DataHome, kpis: list[KpiDefinition]) -> None:
    home.alerts_file.write_text(
        "without: [nothing]\nrules:\n  - {id: a, kpi: nope, when: {below: 1}}\n  - {id: b}\n"
    )
    with pytest.raises(UserError) as said:
        settings.load(home, kpis)
    assert [f"line {n}: " in str(said.value) for n in (1, 3, 4)] == [True] * 3


def test_without_a_file_the_catalogue_gives_the_rules(
    home: DataHome, kpis: list[KpiDefinition]
) -> None:
    rules = settings.load(home, kpis).rules
    watched = {rule.kpi for rule in rules.values() if isinstance(rule, KpiRule)}
    bounded = {k.kpi_id for k in kpis if k.corridor_low is not None or k.corridor_high is not None}
    assert watched == {k for k in bounded if _of_programme(k, kpis)}
    of_partners = {
        rule.kpi for rule in rules.values()
        if isinstance(rule, KpiRule) and rule.scope.dimension == "partner"
    }  # fmt: skip
    assert of_partners == set(PINNED)
    assert {rule.due for rule in rules.values() if isinstance(rule, DueRule)} == {
        "certificate", "agreement", "protection",
    }  # fmt: skip
    assert len([rule for rule in rules.values() if isinstance(rule, DataRule)]) == 5


def _of_programme(kpi_id: str, kpis: list[KpiDefinition]) -> bool:
    return any(kpi.kpi_id == kpi_id and "programme" in kpi.dimensions for kpi in kpis)


def test_a_rule_of_the_same_name_takes_the_place_of_the_catalogues(
    home: DataHome, kpis: list[KpiDefinition]
) -> None:
    home.alerts_file.write_text(
        dedent("""
            channels: {team: {url: json://localhost}, data: {url_env: DATA_URL}}
            defaults: {channels: [team], data_channels: [data]}
            roles: {Management: [data]}
            without: [referral_late]
            rules:
              - {id: partner_win_rate_corridor, kpi: partner_win_rate, when: {below: 0.2}, for: 3}
              - {id: registration_late, late: registration, enabled: false}
              - {id: adoption, family: adoption, when: {outside: corridor}, channels: []}
        """)
    )
    in_force = settings.load(home, kpis)
    rule = in_force.rules["partner_win_rate_corridor"]
    assert isinstance(rule, KpiRule)
    assert (rule.when.below, rule.periods) == (0.2, 3)
    assert {"referral_late", "registration_late"}.isdisjoint(in_force.rules)
    assert in_force.channels_of(rule) == ["team"]
    assert in_force.channels_of(in_force.rules["data_stale"]) == ["data"]
    assert in_force.channels_of(in_force.rules["adoption"]) == []
    assert in_force.channels_of_role("Management", rule) == ["data"]
    assert in_force.channels_of_role("Head of partnerships", rule) == ["team"]
    family = in_force.rules["adoption"]
    assert isinstance(family, KpiRule)
    of_family = {kpi.kpi_id for kpi in settings.kpis_of(family, kpis)}
    assert of_family == {kpi.kpi_id for kpi in kpis if kpi.family == "adoption"}


def test_without_the_catalogues_rules_only_ones_own_hold(
    home: DataHome, kpis: list[KpiDefinition]
) -> None:
    home.alerts_file.write_text(
        "catalogue_rules: false\nrules: [{id: low, kpi: partner_win_rate, when: {below: 0.2}}]"
    )
    assert list(settings.load(home, kpis).rules) == ["low"]


def test_an_address_may_lie_in_the_environment(
    home: DataHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.alerts_file.write_text("channels: {a: {url_env: TEAM_URL}, b: {url: json://x}}")
    file = settings.read_file(home)
    assert (settings.address_of(file, "a"), settings.address_of(file, "b")) == (None, "json://x")
    monkeypatch.setenv("TEAM_URL", "json://y")
    assert settings.address_of(file, "a") == "json://y"


def test_every_definition_has_a_ladder_that_rises(kpis: list[KpiDefinition]) -> None:
    for kpi in kpis:
        days = [days for days, _ in kpi.steps]
        assert days and days == sorted(set(days)), kpi.kpi_id
        assert kpi.owner not in {role for _, role in kpi.steps}
