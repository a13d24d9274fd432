"""A document with everything that can go wrong on a page, for the tests of every renderer.

Belongs here: one made-up document in each language. Does not belong here: assertions.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from partner_kpis import formats
from partner_kpis.reports.document import (
    Block,
    Chart,
    Column,
    Corridor,
    Document,
    Facts,
    Figure,
    Identity,
    Mark,
    Nothing,
    Origin,
    Page,
    Series,
    Spark,
    Statement,
    Statements,
    Table,
    Tile,
    Tiles,
)  # fmt: skip
from partner_kpis.text import t

PARTNER = "Żółwiński & Çağlar Überseehandelsgesellschaft für Datenverarbeitung mbH"
QUARTERS = tuple(f"Q{q} {y}" for y in (24, 25, 26) for q in (1, 2, 3, 4))


def number(value: float | int | Decimal | None, lang: str, decimals: int = 0) -> Figure:
    text = formats.NO_VALUE if value is None else formats.number(value, lang, decimals)
    return Figure(value, text, "number", decimals, origin=_origin("value", "number"))


def percent(value: float | None, lang: str) -> Figure:
    text = formats.NO_VALUE if value is None else formats.percent(value, lang, 1)
    return Figure(value, text, "percent", 1, origin=_origin("value", "percent"))


def money(value: Decimal | None, lang: str) -> Figure:
    text = formats.NO_VALUE if value is None else formats.money(value, "EUR", lang)
    return Figure(value, text, "money", 1, "EUR", _origin("numerator", "money"))


def _origin(column: str, kpi: str) -> Origin:
    return Origin("kpi_values", (("kpi_id", kpi), ("member", "P-0104")), column)


def document(lang: str = "en", rows: int = 200) -> Document:
    """Every kind of block; `rows` of the long table."""
    identity = Identity(
        "qbr", "P-0104", PARTNER, "2026Q3", "internal", lang, "20261031T031000Z-abcdef12",
        "abcdef1234567890", date(2026, 10, 31), datetime(2026, 11, 1, 3, 10, tzinfo=UTC), "c0ffee",
        (("partner_win_rate", "1.2.0"), ("pipeline_influenced", "1.0.0")),
    )  # fmt: skip
    pages = (
        _cover(lang), _summary(lang), _scorecard(lang), _value(lang), _pipeline(lang, rows),
        _more_charts(lang), _empties(lang), _money(lang), _definitions(lang),
    )  # fmt: skip
    footer = f"{PARTNER} · Q3 2026 · Snapshot {identity.snapshot_id}"
    return Document(identity, t("report.title.qbr", lang), f"{PARTNER} · Q3 2026", footer, pages)


def _cover(lang: str) -> Page:
    pairs = (
        ("Partner-ID", "P-0104"),
        ("Partnerstufe" if lang == "de" else "Tier", "strategic"),
        ("Quartal", "Q3 2026"),
        ("Stand", Figure(date(2026, 10, 31), formats.day(date(2026, 10, 31), lang), "date")),
        ("Snapshot", "20261031T031000Z-abcdef12"),
        ("Quellen", Mark("fresh", "aktuell")),
        ("Gesundheit", Mark("healthy", "gesund")),
    )
    return Page("1", "cover", PARTNER, (Facts("facts", pairs),))


def _summary(lang: str) -> Page:
    def sentence(tone: str, *parts: str | Figure) -> Statement:
        return Statement(parts, tone, "partner_win_rate", "Q3 2026")  # type: ignore[arg-type]

    lists = (
        Statements("wins", "Was gut läuft" if lang == "de" else "Wins", (
            sentence("win", "Die Abschlussquote stieg auf ", percent(0.437, lang), ", ",
                     number(3.2, lang, 1), " Prozentpunkte über dem Ziel."),
            sentence("win", "Die Pipeline wuchs um ", money(Decimal("1234567.89"), lang), "."),
        ), "–"),
        Statements("risks", "Risiken" if lang == "de" else "Risks", (
            sentence("risk", "Verfügbarkeit ", percent(0.9779, lang), " statt ",
                     percent(0.995, lang), "; die Integration Zahlungsverkehrsabwicklungsdienst "
                     "war an ", number(3, lang), " Tagen gestört."),
            sentence("risk", "Rückgang um ", number(-12, lang), " Zertifikate."),
        ), "–"),
        Statements("asks", "Bitten" if lang == "de" else "Asks", (), "Keine offenen Bitten."),
    )  # fmt: skip
    health = Tile("Partner health", number(71, lang), "of 100", Mark("healthy", "healthy"),
                  "+3 points on Q2 2026", "n 12", Spark((60, 62, None, 66, 70, 68)))  # fmt: skip
    tiles = tuple(
        Tile(label, figure, unit, Mark(status, word), "+3.2 points on August", "n 123",
             Spark((0.2, 0.3, 0.28, None, 0.4, 0.41, 0.39, 0.437)))
        for label, figure, unit, status, word in (
            ("Partner win rate", percent(0.437, lang), "", "on_target", "im Ziel"),
            ("Partner-influenced pipeline of all open deals", money(Decimal(12345678), lang),
             "", "watch", "beobachten"),
            ("Time to activation", number(10.4, lang, 1), "days", "breach", "Ziel verfehlt"),
            ("Certified people", number(None, lang), "", "unknown", "unbekannt"),
        )
    )  # fmt: skip
    return Page("2", "summary", "A strong quarter: win rate 3 percentage points above its target",
                (Tiles("core", (health, *tiles)), *lists))  # fmt: skip


def _scorecard(lang: str) -> Page:
    columns = (
        Column("kpi", "Kennzahl" if lang == "de" else "KPI", 3),
        Column("actual", "Ist" if lang == "de" else "Actual", 1, True),
        Column("target", "Ziel" if lang == "de" else "Target", 1, True),
        Column("corridor", "Zielkorridor" if lang == "de" else "Corridor", 1.4),
        Column("qoq", "QoQ", 1, True),
        Column("trend", "8 Quartale", 1.2),
        Column("status", "Status", 1.3),
    )
    marks = (("on_target", "im Ziel"), ("watch", "beobachten"), ("breach", "Ziel verfehlt"),
             ("unknown", "unbekannt"), ("low_n", "kleine Fallzahl"), ("running", "läuft"),
             ("no_target", "kein Ziel"))  # fmt: skip
    rows = tuple(
        (
            f"Kennzahl mit längerem Namen Nr. {i}",
            percent(0.1 * i, lang), percent(0.5, lang),
            Corridor(0.1 * i, 0.5, 0.4, 0.6 if i % 2 else None),
            number(i - 4.5, lang, 1),
            Spark(tuple(None if j == i % 8 else (i * j) % 7 for j in range(8))),
            Mark(*marks[i % 7]),
        )
        for i in range(12)
    )  # fmt: skip
    table = Table("scorecard", "Zwölf Kennzahlen", columns, rows, "–",
                  note="Graues Band: Korridor · Strich: Ziel · Punkt: Wert")  # fmt: skip
    return Page("4", "scorecard", "Three of twelve KPIs are off target", (table,))


def _value(lang: str) -> Page:
    moves = (1_200_000, 400_000, -50_000, -300_000, -220_000, -30_000, 1_000_000)
    names = ("opening", "new", "resized", "won", "lost", "left", "closing")
    fall = Chart("moves", "The pipeline shrank, for more was won than came in", "waterfall", names,
                 (Series("Pipeline", tuple(money(Decimal(m), lang) for m in moves)),), "EUR", "–",
                 note="Slipped: 3 opportunities.")  # fmt: skip
    parts = Table(
        "shares", "Beitrag",
        (Column("what", "Art", 2), Column("amount", "Betrag", 1, True)),
        tuple((name, money(Decimal(a), lang)) for name, a in zip(names, moves, strict=True)),
        "–", has_total=True,
    )  # fmt: skip
    stack = Chart(
        "quarters", "Eight quarters: sourced grows faster than influenced", "stacked_columns",
        QUARTERS[:8],
        (Series("sourced", tuple(money(Decimal(i * 91_000), lang) for i in range(8))),
         Series("influenced", tuple(money(Decimal(500_000 + i * 20_000), lang) for i in range(8))),
         Series("Ziel", tuple(money(Decimal(900_000), lang) for _ in range(8)), "target")),
        "EUR", "–",
    )  # fmt: skip
    return Page("5", "value", "Sourced business doubled within a year", (fall, parts, stack))


def _pipeline(lang: str, count: int) -> Page:
    columns = (
        Column("account", "Kunde" if lang == "de" else "Account", 3), Column("stage", "Phase", 1.5),
        Column("amount", "Betrag (EUR)", 1.2, True), Column("age", "Alter (Tage)", 1, True),
        Column("due", "Abschluss", 1.2, True), Column("flag", "Hinweis", 1.2),
    )  # fmt: skip
    names = (PARTNER, "=HYPERLINK(\"http://x\")", "İstanbul Gıda Ş.", "@cmd", "+49 30 1234", "-1+2",
             "A <b>bold</b> & co")  # fmt: skip
    rows = tuple(
        (
            names[i % len(names)], "negotiation", money(Decimal(i * 7919 - 5000), lang),
            number(i, lang), Figure(date(2026, 12, 1 + i % 30),
                                    formats.day(date(2026, 12, 1 + i % 30), lang), "date"),
            Mark("breach", "verschoben") if i % 3 == 0 else "",
        )
        for i in range(count)
    )  # fmt: skip
    table = Table("opportunities", "Top", columns, rows, "–", shown=10)
    every = Table("all", "Alle offenen Geschäfte", columns, rows, "–", shown=60)
    return Page("6", "pipeline", "Ten open opportunities carry two thirds of the pipeline and "
                "four of them slipped out of the quarter in which they were to close, which is more"
                " than in any quarter before", (table, every))  # fmt: skip


def _more_charts(lang: str) -> Page:
    rates = (0.2, 0.25, 0.31, None, 0.3, 0.35, 0.41, 0.4, 0.42, 0.44, 0.45, 0.437)
    lines = Chart("rates", "Win rate above the programme since spring", "lines", QUARTERS,
                  (Series("Partner", tuple(percent(v, lang) for v in rates)),
                   Series("Programm", tuple(percent(0.28 - 0.002 * i, lang) for i in range(12)),
                          "rest"),
                   Series("Ziel", tuple(percent(0.38, lang) for _ in range(12)), "target")),
                  "%", "–")  # fmt: skip
    columns = Chart("won", "Won per quarter", "columns", QUARTERS,
                    (Series("gewonnen", tuple(number(i % 5, lang) for i in range(12)), "good"),
                     Series("verloren", tuple(number(-(i % 3), lang) for i in range(12)), "bad")),
                    "deals", "–")  # fmt: skip
    bars = Chart("stages", "Most is lost between demo and offer", "bars",
                 ("Qualifikation und erste Anforderungen", "Vorführung", "Angebot", "Verhandlung"),
                 (Series("Anteil", tuple(percent(v, lang) for v in (1.0, 0.62, 0.31, 0.22))),),
                 "%", "–")  # fmt: skip
    received = tuple(number(v, lang) for v in (2, 4, 5, 3, 6, None))
    mirror = Chart("referrals", "Twice as many sent as received", "mirrored_bars", QUARTERS[:6],
                   (Series("gesendet", tuple(number(v, lang) for v in (12, 9, 7, 8, 11, 14))),
                    Series("erhalten", received, "rest")),
                   "Empfehlungen", "–")  # fmt: skip
    flow = Statements("notes", "Dazu", (
        Statement(("Der Abstand zum Programm beträgt ", percent(0.18, lang), "."), "plain"),
    ), "–")  # fmt: skip
    return Page("7", "charts", "Four charts need four slides", (lines, flow, columns, bars, mirror))


def _empties(lang: str) -> Page:
    blocks: tuple[Block, ...] = (
        Nothing("nothing", "No tickets: drop support/zendesk_ticket into landing/."),
        Table("none", "Kampagnen", (Column("a", "A"),), (), "No campaigns in Q3 2026."),
        Chart("void", "Verlauf", "columns", ("Q1",), (Series("x", (number(None, lang),)),), "n",
              "Keine Werte in 2026."),
    )  # fmt: skip
    return Page("12", "customers", "Nothing to report on customers", blocks)


def _money(lang: str) -> Page:
    columns = (Column("line", "Posten", 3), Column("amount", "EUR", 1, True))
    rows = tuple(
        (f"Empfehlung REF-{i:06}", Figure(Decimal(i) * Decimal("1234.56"),
         formats.money_exact(Decimal(i) * Decimal("1234.56"), "EUR", lang), "money", 2, "EUR"))
        for i in range(1, 41)
    )  # fmt: skip
    summed = Decimal("1012339.20")
    total = ("Summe", Figure(summed, formats.money_exact(summed, "EUR", lang), "money", 2, "EUR"))
    facts = Facts("terms", (("Zahlungsziel", number(30, lang)), ("Modus", "marginal"),
                            ("Ausgezahlt", money(Decimal("-4500"), lang))))  # fmt: skip
    table = Table("lines", "Provision je Empfehlung", columns, (*rows, total), "–", shown=41,
                  has_total=True)  # fmt: skip
    return Page("13", "money", "Commission of 1.0 M earned", (facts, table))


def _definitions(lang: str) -> Page:
    columns = (Column("kpi", "KPI", 1), Column("formula", "Formel", 4), Column("owner", "Owner", 1))
    formula = ("Anteil der gewonnenen an allen entschiedenen Verkaufschancen, an denen ein Partner "
               "mit einem gültigen Kontakt in den letzten 180 Tagen beteiligt war; jede Chance "
               "zählt einmal. ") * 2  # fmt: skip
    rows = tuple((f"kpi_number_{i}", formula, "Team Partnerschaften") for i in range(14))
    table = Table("definitions", "", columns, rows, "–", shown=99)
    return Page("A2", "definitions", "How every KPI is computed", (table,))
