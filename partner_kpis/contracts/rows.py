"""Row promises of a contract, compiled to SQL expressions over the text of a file.

Belongs here: what a value of each type looks like, which rule a bad one breaks, and the sentence
that says so. Does not belong here: where the text comes from and where rows go (landing).

Every column is compiled from one SQL expression that yields its text (NULL when empty) into a
typed value and a list of rules, each with a condition that is true when the rule is broken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel.numbers import list_currencies

from partner_kpis.contracts.model import Column, Contract
from partner_kpis.text import Bilingual, both

if TYPE_CHECKING:
    from partner_kpis.sources_config import EntitySettings

_PLAIN = r"[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?"
_GROUPED_POINT = r"[+-]?[0-9]{1,3}(,[0-9]{3})+[.][0-9]+|[+-]?[0-9]{1,3}(,[0-9]{3}){2,}"
_DECLARED_POINT = r"[+-]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]+)?"
_DECLARED_COMMA = r"[+-]?([0-9]+|[0-9]{1,3}([.][0-9]{3})+)(,[0-9]+)?"
_ISO_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?"
_ZONE = r"( ?(Z|z|UTC|GMT|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?))"
_ISO_TIME = rf"{_ISO_DATE}([ T]{_CLOCK}{_ZONE}?)?"
_YES, _NO = ("true", "1", "yes", "ja"), ("false", "0", "no", "nein")


@dataclass(frozen=True)
class Rule:
    """A promise about single values: its name, when it is broken, and what to say then.

    message: the sentence about a bad value after the name of its column.
    """

    name: str
    broken: str
    message: Bilingual


@dataclass(frozen=True)
class CompiledColumn:
    """SQL for one column; `value` and the rules refer to the text as `text_sql` does."""

    column: Column
    value: str
    rules: tuple[Rule, ...]


def quoted(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def compile_column(
    column: Column, text: str, value: str, settings: EntitySettings, more: Sequence[Rule] = ()
) -> CompiledColumn:
    """Compile one column.

    text: SQL of its text, NULL when empty; value: the name under which the typed value will stand
    when the rules are asked, so that no value is computed twice; more: rules that look at other
    columns of the row.
    """
    typed, fault = _typed(column, text, settings)
    rules = []
    if column.is_required:
        rules.append(Rule("required", f"{text} is null", both("quarantine.required")))
    if column.type != "string":
        broken = f"({text} is not null and {value} is null)"
        rules.append(Rule("type", broken, both(f"quarantine.{fault}")))
    if "currency" in column.tags:
        typed, known = f"upper({typed})", ", ".join(map(quoted, sorted(list_currencies())))
        rules.append(Rule("currency", f"{value} not in ({known})", both("quarantine.currency")))
    if "salesforce_id" in column.tags:
        typed = _widened(typed)
    if column.allowed:
        typed, rule = _allowed(column, text, typed, value)
        rules.append(rule)
    rules += _range_rules(column, value)
    return CompiledColumn(column, typed, (*rules, *more))


def conditional_ranges(
    contract: Contract, column: Column, value_of: Callable[[str], str]
) -> list[Rule]:
    """Bounds that hold where another column of the row has a certain value.

    The contract's property `ranges` lists them: column, where, equals, minimum, maximum.
    """
    return [
        Rule(
            "range",
            f"{value_of(bounds['where'])} = {quoted(bounds['equals'])} and "
            f"{value_of(column.name)} not between {bounds['minimum']} and {bounds['maximum']}",
            both("quarantine.outside", **bounds),
        )
        for bounds in contract.custom.get("ranges") or ()
        if bounds["column"] == column.name
    ]


def _typed(column: Column, text: str, settings: EntitySettings) -> tuple[str, str]:
    """The typed value, and the text quarantine.<key> that says what a bad one is not."""
    match column.type:
        case "decimal":
            return _decimal(text, settings.decimal)
        case "integer":
            number, _ = _decimal(text, settings.decimal)
            digits = f"length({text}) <= 18 and ltrim({text}, '0123456789') = ''"
            return (
                f"case when {digits} then try_cast({text} as bigint) "
                f"when {number} = floor({number}) then try_cast({number} as bigint) end"
            ), "no_whole_number"
        case "boolean":
            yes, no = (", ".join(map(quoted, words)) for words in (_YES, _NO))
            value = f"case when lower({text}) in ({yes}) then true"
            return f"{value} when lower({text}) in ({no}) then false end", "no_boolean"
        case "date":
            return _date(text, settings.date_order)
        case "timestamp":
            return _timestamp(text, settings)
        case "names":
            return _names(text), "no_names"
        case _:
            return text, "no_text"


def _decimal(text: str, declared: str | None) -> tuple[str, str]:
    cast = "try_cast({} as decimal(28,9))"
    plain = f"when regexp_full_match({text}, '{_PLAIN}') then {cast.format(text)}"
    grouped = cast.format(f"replace({text}, ',', '')")
    if declared == "comma":
        turned = f"replace(replace({text}, '.', ''), ',', '.')"
        value = f"case when regexp_full_match({text}, '{_DECLARED_COMMA}') then "
        return value + cast.format(turned) + " end", "no_decimal_comma"
    pattern = _DECLARED_POINT if declared == "point" else _GROUPED_POINT
    value = f"case {plain} when regexp_full_match({text}, '{pattern}') then {grouped} end"
    if declared == "point":
        return value, "no_decimal_point"
    return value, "no_plain_decimal"


def _date(text: str, order: str | None) -> tuple[str, str]:
    iso = f"when regexp_full_match({text}, '{_ISO_TIME}') then try_cast(left({text}, 10) as date)"
    if order == "german":
        day = (
            f"try_strptime(regexp_extract({text}, '^[0-9]+[.][0-9]+[.][0-9]{{4}}', 0), '%d.%m.%Y')"
        )
        other = (
            f"when regexp_matches({text}, '^[0-9]+[.][0-9]+[.][0-9]{{4}}') then cast({day} as date)"
        )
        return f"case {iso} {other} end", "no_german_date"
    if order == "us":
        day = f"try_strptime(regexp_extract({text}, '^[0-9]+/[0-9]+/[0-9]{{4}}', 0), '%m/%d/%Y')"
        other = f"when regexp_matches({text}, '^[0-9]+/[0-9]+/[0-9]{{4}}') then cast({day} as date)"
        return f"case {iso} {other} end", "no_us_date"
    return f"case {iso} end", "no_iso_date"


def _timestamp(text: str, settings: EntitySettings) -> tuple[str, str]:
    """UTC moment; text without an offset is local time of the declared zone."""
    # The commonest form first: its length and signs say enough, the cast checks the rest.
    usual = f"{text} like '____-__-__T__:__:__%Z' and length({text}) <= 30"
    with_zone = f"regexp_full_match({text}, '{_ISO_DATE}[ T]{_CLOCK}{_ZONE}')"
    instant = f"cast(try_cast({text} as timestamptz) as timestamp)"
    local = _to_utc(f"try_cast({text} as timestamp)", settings.timezone)
    cases = [
        f"when {usual} then {instant}",
        f"when {with_zone} then {instant}",
        f"when regexp_full_match({text}, '{_ISO_TIME}') then {local}",
    ]
    formats = {
        "german": [r"%d.%m.%Y", r"%d.%m.%Y %H:%M", r"%d.%m.%Y %H:%M:%S", r"%d.%m.%Y, %H:%M"],
        "us": [r"%m/%d/%Y", r"%m/%d/%Y %H:%M", r"%m/%d/%Y %H:%M:%S", r"%m/%d/%Y %I:%M %p",
               r"%m/%d/%Y %I:%M:%S %p", r"%m/%d/%Y, %I:%M %p"],
    }.get(settings.date_order or "", [])  # fmt: skip
    if formats:
        listed = ", ".join(map(quoted, formats))
        cases.append(f"else {_to_utc(f'try_strptime({text}, [{listed}])', settings.timezone)}")
    return f"case {' '.join(cases)} end", "no_timestamp" if formats else "no_iso_timestamp"


def _to_utc(local: str, zone: str) -> str:
    """Local time to UTC; in the doubled hour of autumn the first of the two moments is meant."""
    if zone == "UTC":
        return local
    z = quoted(zone)
    instant = f"timezone({z}, {local})"
    earlier = f"({instant} - interval 1 hour)"
    first = f"case when timezone({z}, {earlier}) = {local} then {earlier} else {instant} end"
    return f"cast({first} as timestamp)"


def _names(text: str) -> str:
    """A JSON array of trimmed names, of an array of names or of objects with a name."""
    name = "case when json_type(x) = 'OBJECT' then x ->> '$.name' else x ->> '$' end"
    names = f"list_transform(json_extract({text}, '$[*]'), lambda x: nullif(trim({name}), ''))"
    array = f"cast(to_json(list_filter({names}, lambda x: x is not null)) as varchar)"
    return f"case when try(json_type({text})) = 'ARRAY' then {array} end"


def _allowed(column: Column, text: str, typed: str, value: str) -> tuple[str, Rule]:
    """Allowed values match without regard to case and are kept as the contract writes them."""
    cases = " ".join(f"when {quoted(a.lower())} then {quoted(a)}" for a in column.allowed)
    broken = f"({text} is not null and {value} is null)"
    allowed = ", ".join(column.allowed)
    told = both("quarantine.allowed_values", allowed=allowed)
    return f"case lower({typed}) {cases} end", Rule("allowed_values", broken, told)


def _range_rules(column: Column, value: str) -> list[Rule]:
    operators = {
        "minimum": ("<", "less"), "maximum": (">", "more"),
        "exclusiveMinimum": ("<=", "not_more"), "exclusiveMaximum": (">=", "not_less"),
    }  # fmt: skip
    rules = []
    for option, bound in column.options.items():
        if option in operators:
            operator, key = operators[option]
            limit = bound if isinstance(bound, int | float) else quoted(str(bound))
            message = both(f"quarantine.{key}", limit=bound)
            rules.append(Rule("range", f"{value} {operator} {limit}", message))
        elif option == "pattern":
            broken = f"not regexp_matches({value}, {quoted(str(bound))})"
            wanted = column.pattern_in_words
            told = (
                both("quarantine.pattern_in_words", wanted=wanted)
                if wanted
                else both("quarantine.pattern", pattern=bound)
            )
            rules.append(Rule("pattern", broken, told))
    return rules


def _widened(value: str) -> str:
    """A 15-character Salesforce id with its checksum of 3 characters; other text as it is.

    Each block of 5 characters gives one: bit i is set when character i is a capital.
    Source: Salesforce, "How to convert a 15 character Id to an 18 character Id".
    """
    letters = "'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'"
    suffix = []
    for block in range(3):
        bits = " + ".join(
            f"case when substr({value}, {block * 5 + i + 1}, 1) between 'A' and 'Z' "
            f"then {2**i} else 0 end"
            for i in range(5)
        )
        suffix.append(f"substr({letters}, {bits} + 1, 1)")
    return (
        f"case when regexp_full_match({value}, '[a-zA-Z0-9]{{15}}') "
        f"then {value} || {' || '.join(suffix)} else {value} end"
    )
