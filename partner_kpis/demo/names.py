"""Words for companies, products and people that don't exist.

Belongs here: pools of words and how they are put together. Every web and mail address ends in
`.example`, which no one can own. Does not belong here: what the companies do.
"""

from __future__ import annotations

import numpy as np

STEMS = (
    "Nordlicht", "Falkenried", "Brückner & Söhne", "Weißbach", "Lindenquell", "Möwenstein",
    "Grünfels", "Silberbach", "Sturmhöhe", "Kieselgrund", "Tannhäuserei", "Rauchfuß",
    "Ålesvik", "Fjordhaven", "Skógarvik", "Bjørkeland", "Østermarken", "Lövskär",
    "Thornwick", "Greymoor", "Ashcombe", "Pennymarsh", "Willowgate", "Larkfield",
    "Van der Veste", "De Zilverberg", "Waterlinde", "Noordkade", "Kruisbeek", "Molenzicht",
    "Clairvallon", "Montbrûlé", "Rivegauche-sur-Orne", "Hélios Garonne", "Pré-aux-Cèdres",
    "Belfontaine", "Auréol", "Châtelnoir", "Edelkamm", "Wolkenstetter", "Hügelheim", "Seerösli",
    "Haselbrunn", "Eisvogel", "Kranichtal", "Morgenrain", "Steinhuder & Co", "Amselgrund",
    "Vintervik", "Hjortlund", "Granåsen", "Storfjäll", "Bramblehurst", "Oakmere", "Fennimore",
    "Hollowbrook", "De Koperen Ster", "Zuiderhaven", "Lindewaard", "Beauvallet", "Mirecourbe",
    "Sainte-Aubépine",
)  # fmt: skip
FIELDS = (
    "Logistik", "Maschinenbau", "Handel", "Energie", "Textil", "Werkzeuge", "Medizintechnik",
    "Foods", "Textiles", "Components", "Freight", "Marine", "Packaging", "Instruments",
    "Distribution", "Énergies", "Mobilité", "Agro", "Bouw", "Zaden",
)  # fmt: skip
PARTNER_FIELDS = (
    "Systeme", "Consulting", "Datenwerke", "Digital", "Cloudworks", "Integration", "Software",
    "Beratung", "Solutions", "Technologies", "Connect", "Partners",
)  # fmt: skip
LEGAL_FORMS = {
    "DE": ("GmbH", "GmbH & Co. KG", "AG"), "AT": ("GmbH",), "CH": ("AG", "GmbH"),
    "SE": ("AB",), "NO": ("AS",), "FI": ("Oy",), "DK": ("A/S",), "GB": ("Ltd", "plc"),
    "IE": ("Ltd",), "NL": ("B.V.",), "BE": ("NV", "SRL"), "FR": ("SAS", "SARL"), "US": ("Inc.",),
}  # fmt: skip
REGIONS = {
    "DACH": ("DE", "DE", "DE", "AT", "CH"), "Nordics": ("SE", "NO", "FI", "DK"),
    "UK&I": ("GB", "GB", "GB", "IE"), "Benelux": ("NL", "NL", "BE"), "France": ("FR",),
}  # fmt: skip
REGION_WEIGHTS = {"DACH": 0.42, "Nordics": 0.16, "UK&I": 0.17, "Benelux": 0.13, "France": 0.12}
INDUSTRIES = (
    "Manufacturing", "Retail", "Transportation", "Energy", "Healthcare", "Food & Beverage",
    "Construction", "Chemicals",
)  # fmt: skip
SYSTEMS = (
    "ERP", "Webshop", "Lager", "Payroll", "Helpdesk", "Marktplatz", "Fuhrpark", "E-Invoicing",
    "Calendar", "Document Archive", "Zeiterfassung", "Identity", "Telephony", "Product Data",
)  # fmt: skip
CONNECTORS = ("Connector", "Sync", "Bridge", "Link", "Hub", "Gateway")
PRODUCTS = ("Plattform", "Rollout", "Integrationspaket", "Erweiterung", "Pilot", "Renewal")
FIRST_NAMES = (
    "Jürgen", "Käthe", "Sören", "Zoë", "François", "Aurélie", "Ingrid", "Bjørn", "Liam", "Niamh",
    "Joost", "Anneke", "Hannah", "Matthias", "Chloé", "Eero", "Åsa", "Oliver",
)  # fmt: skip
LAST_NAMES = (
    "Müller-Thal", "Größler", "Lindqvist", "Østby", "Van Loon", "Lefèvre", "Håkansson", "Brandt",
    "O'Shea", "Ashby", "Jansen", "Çelik", "Weiß", "Dubois", "Virtanen", "Kowalke",
)  # fmt: skip

_PLAIN = str.maketrans(
    {
        "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "a", "ø": "o", "é": "e", "è": "e",
        "ê": "e", "â": "a", "û": "u", "ó": "o", "ë": "e", "ç": "c", "ô": "o", "ï": "i",
    }
)  # fmt: skip


def slug(text: str) -> str:
    """Lower case, plain letters and hyphens: for web addresses and utm sources."""
    plain = text.lower().translate(_PLAIN)
    return "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in plain).split())


def company_names(
    rng: np.random.Generator, countries: list[str], fields: tuple[str, ...] = FIELDS
) -> list[str]:
    """One invented company name for each country. A stem meets every field before a pair of them
    comes again: so many names differ as there are pairs."""
    turns = rng.permutation(len(countries))
    first_fields = rng.integers(0, len(fields), size=len(STEMS))
    forms = rng.integers(0, 6, size=len(countries))
    made = []
    for turn, form, country in zip(turns.tolist(), forms.tolist(), countries, strict=True):
        again, stem = divmod(turn, len(STEMS))
        kind = (int(first_fields[stem]) + again) % len(fields)
        legal = LEGAL_FORMS[country]
        made.append(f"{STEMS[stem]} {fields[kind]} {legal[form % len(legal)]}")
    return made


def person_name(number: int) -> str:
    """A person for every number; the pools run against each other before they repeat."""
    return f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {LAST_NAMES[number * 7 % len(LAST_NAMES)]}"


def mail_address(person: str, company: str) -> str:
    return f"{slug(person).replace('-', '.')}@{slug(company)}.example"


def integration_name(number: int) -> str:
    """System and kind of connector, unique for every number."""
    turn, system = divmod(number, len(SYSTEMS))
    again, kind = divmod(turn, len(CONNECTORS))
    kind = (kind + system) % len(CONNECTORS)
    return f"{SYSTEMS[system]} {CONNECTORS[kind]}" + (f" {again + 1}" if again else "")
