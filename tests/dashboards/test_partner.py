"""A partner's page: who it is, its health, its KPIs."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from partner_kpis import theme
from partner_kpis.home import DataHome
from partner_kpis.text import LANGUAGES
from tests.dashboards.pages import markup, open_page, words


def test_the_header_says_who_it_is(monkeypatch: pytest.MonkeyPatch, served_home: DataHome) -> None:
    said = words(open_page(monkeypatch, served_home, "partner", partner="P-002"))
    assert "Nordlys Integrasjon AS" in said
    assert "Tier strategic · technology · Nordics · Partner manager Jana Beispiel" in said
    assert "contract until 1 Feb 2027" in said


def test_choosing_a_partner_writes_the_address(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    app = open_page(monkeypatch, served_home, "partner")
    app.selectbox(key="choose_partner_en").select("P-003").run()
    assert app.query_params["partner"] == "P-003"
    assert "Brackwater Consulting Ltd" in words(app)
    assert not app.exception


def test_an_unknown_partner_is_answered(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    said = words(open_page(monkeypatch, served_home, "partner", partner="<script>x</script>"))
    assert "is not in this snapshot" in said


def test_names_from_data_are_text_and_never_markup(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    bodies = markup(open_page(monkeypatch, served_home, "partner", partner="P-008"))
    assert "<b>Quote" not in bodies
    assert "&lt;b&gt;Quote &amp; &quot;Tag&quot;&lt;/b&gt; Ltd" in bodies


def test_every_kpi_has_a_line_with_status_in_its_family(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    app = open_page(monkeypatch, served_home, "partner", partner="P-003", lang="de")
    said = words(app)
    assert [re.search(r"\w+", group)[0] for group in _groups(app)] == [  # type: ignore[index]
        "Wertbeitrag", "Nutzung", "Zuverlässigkeit",
    ]  # fmt: skip
    assert "Abschlussquote mit Partnern" in said
    assert markup(app).count('class="pk-kpi"') == 4
    ways = [e.proto.query_string for e in app.get("page_link")]
    assert "lang=de&partner=P-003&kpi=partner_win_rate&dimension=partner&member=P-003" in ways


def _groups(app: AppTest) -> list[str]:
    """The labels of the families' groups, as one reads them."""
    return [each.label.replace("\\", "").replace("\u00a0", " ") for each in app.expander]


def test_a_group_counts_its_kpis_by_status_in_shape_and_word(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    app = open_page(monkeypatch, served_home, "partner", partner="P-003")
    value = _groups(app)[0]
    assert re.fullmatch(r"\*\*Value\*\* \(2\): .*– 1 no target", value)
    assert re.search(r"[●▲■○] 1 (on target|watch|breach|low n)", value)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_only_what_needs_attention_is_left_when_asked_for(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome, lang: str
) -> None:
    app = open_page(monkeypatch, healthy_home, "partner", partner="P-003", lang=lang)
    judged = re.findall(r'pk-last">.*?</span> ([^<]+)<', markup(app))
    urgent = [word for word in judged if word in _URGENT[lang]]
    assert 0 < len(urgent) < len(judged)
    app.button_group(key=f"show_{lang}").set_value("attention").run()
    assert app.query_params["show"] == "attention"
    assert re.findall(r'pk-last">.*?</span> ([^<]+)<', markup(app)) == urgent
    app.button_group(key=f"show_{lang}").set_value("").run()
    assert "show" not in app.query_params
    assert markup(app).count('class="pk-kpi"') == len(judged)


_URGENT = {"en": ("watch", "breach"), "de": ("beobachten", "Ziel verfehlt")}


def test_without_a_score_the_page_says_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome
) -> None:
    said = words(open_page(monkeypatch, healthy_home, "partner", partner="P-008"))
    assert "There is no health score for this partner" in said


def test_a_score_is_shown_with_its_parts(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome
) -> None:
    said = words(open_page(monkeypatch, healthy_home, "partner", partner="P-002"))
    assert "of 100" in said and "coverage 80% (4 of 6 parts measured)" in said
    assert "Not measured: marketing, satisfaction" in said
    assert "Weakest: " in said and "points on August" in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_band_and_target_are_two_judgements_by_name(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome, lang: str
) -> None:
    band, target = ("band", "target") if lang == "en" else ("Einstufung", "Ziel")
    seen = set()
    for number in range(1, 8):
        said = words(
            open_page(monkeypatch, healthy_home, "partner", partner=f"P-00{number}", lang=lang)
        )
        judged = re.search(
            rf"of 100 (.) {band}: [\w ]+ (.) {target}: ", said.replace("von 100", "of 100")
        )
        assert judged, said
        seen.add(judged[1])
        assert judged[2] in "●▲■"
    assert len(seen) >= 2 and not seen & {look.shape for look in theme.STATUSES.values()}


def test_n_of_a_share_says_that_it_counts_the_programme(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    app = open_page(monkeypatch, served_home, "partner", partner="P-003", lang="de")
    assert re.search(r"September 2026 · n \d+ \(Programm\)", words(app))
    assert "zählt daher die Fälle des Programms" in markup(app)
    assert "(programme)" not in words(open_page(monkeypatch, served_home))


def test_an_empty_home_names_the_file_to_drop(
    monkeypatch: pytest.MonkeyPatch, empty_home: DataHome
) -> None:
    assert "landing/prm/partner/" in words(open_page(monkeypatch, empty_home, "partner"))
