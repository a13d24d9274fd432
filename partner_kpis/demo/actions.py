"""What partners and we agreed on in quarterly reviews, and what became of it.

Belongs here: qbr/action. Does not belong here: what the reviews talk about (deals, campaigns), or
how a review is made of it (reports).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from partner_kpis.demo.draw import day_of, first_of_month, stream, suffix
from partner_kpis.demo.world import Partner, World
from partner_kpis.demo.writing import Exporter

QUARTERS = 3  # the running one included
GERMAN = "DACH"
COLUMNS = (
    "action_id", "partner_id", "quarter", "side", "text", "owner", "due_on", "done_on", "status",
)  # fmt: skip
KEPT, NEVER, DROPPED = 0.72, 0.3, 0.06  # NEVER: of those that are not kept

# In English and, for partners in German-speaking countries, in German.
OURS = (
    ("Answer referrals within one working day", "Empfehlungen binnen eines Werktags beantworten"),
    ("Run a technical deep dive for their consultants",
     "Technische Vertiefung für die Beraterinnen und Berater durchführen"),
    ("Name one contact for escalations", "Festen Ansprechpartner für Eskalationen benennen"),
    ("Bring three target accounts into joint planning",
     "Drei Zielkunden in die gemeinsame Kundenplanung einbringen"),
    ("Provide a sandbox with sample data", "Testumgebung mit Beispieldaten bereitstellen"),
    ("Decide open deal registrations within two days",
     "Offene Deal-Registrierungen innerhalb von zwei Tagen entscheiden"),
    ("Publish one joint reference story", "Eine gemeinsame Referenzgeschichte veröffentlichen"),
    ("Review the price list for services with them",
     "Preisliste für Dienstleistungen gemeinsam überprüfen"),
)  # fmt: skip
THEIRS = (
    ("Certify two more people", "Zwei weitere Personen zertifizieren lassen"),
    ("Register every new deal before the first demo",
     "Jede neue Opportunity vor der ersten Vorführung registrieren"),
    ("Run one joint webinar and share its responses",
     "Ein gemeinsames Webinar durchführen und die Rückmeldungen teilen"),
    ("Update close dates of all open deals", "Abschlusstermine aller offenen Geschäfte pflegen"),
    ("Hand in outstanding proofs of campaigns",
     "Ausstehende Nachweise zu Kampagnen nachreichen"),
    ("Send two referrals from existing customers",
     "Zwei Empfehlungen aus dem Kundenbestand übermitteln"),
    ("Name a technical lead for integrations",
     "Technische Leitung für Integrationen benennen"),
    ("Agree on the joint business plan for next year",
     "Gemeinsamen Geschäftsplan für das nächste Jahr abstimmen"),
)  # fmt: skip
# Partners are named by role: who their people are is personal and stands nowhere unhashed.
ROLES = (
    ("Head of sales", "Vertriebsleitung"), ("Technical lead", "Technische Leitung"),
    ("Marketing lead", "Marketingleitung"), ("Managing director", "Geschäftsführung"),
)  # fmt: skip


@dataclass(frozen=True)
class Action:
    """An action and its whole fate, whatever is known of it at a day."""

    partner_id: str
    quarter: str
    side: str
    text: str
    owner: str
    agreed_on: date
    due_on: date
    done_on: date | None
    dropped_on: date | None

    def status_at(self, day: date) -> str:
        if self.dropped_on and self.dropped_on <= day:
            return "dropped"
        if self.done_on and self.done_on <= day:
            return "done" if self.done_on <= self.due_on else "late"
        return "late" if self.due_on < day else "open"


def write_actions(world: World, out: Exporter) -> None:
    """Two full exports a month apart; actions have no stamp of their own, so their names are dated.
    Each knows what had been agreed on by its day, and what had been done or dropped."""
    actions = [action for partner in world.partners for action in _of_partner(world, partner)]
    schema = dict.fromkeys(COLUMNS, pl.String)
    for day in world.calendar.month_ends(2):
        known = [
            _row(number, action, day)
            for number, action in enumerate(actions, start=1)
            if action.agreed_on <= day
        ]
        frame = pl.DataFrame(known, schema=schema, orient="row")
        out.csv("qbr", "action", f"qbr_actions_{suffix(day)}.csv", frame)


def _row(number: int, action: Action, day: date) -> tuple[str | None, ...]:
    status = action.status_at(day)
    is_done = action.done_on is not None and action.done_on <= day and status != "dropped"
    return (
        f"QA-{number:05d}", action.partner_id, action.quarter, action.side, action.text,
        action.owner, action.due_on.isoformat(),
        action.done_on.isoformat() if action.done_on and is_done else None, status,
    )  # fmt: skip


def _of_partner(world: World, partner: Partner) -> list[Action]:
    """One or two actions a side in each of the last quarters that begin within its active time; a
    stream of its own, so that more partners do not change what others agreed on."""
    rng = stream(world.seed, f"actions of {partner.partner_id}")
    language = int(partner.region == GERMAN)
    texts = {"us": rng.permutation(OURS), "partner": rng.permutation(THEIRS)}
    taken = {"us": 0, "partner": 0}
    starts, ends = world.active_bounds()
    began, ended = (day_of(int(bound[partner.position])) for bound in (starts, ends))
    actions = []
    for first in _quarters(world.calendar.as_of):
        for side in ("us", "partner"):
            for _ in range(int(rng.integers(1, 3))):
                text = str(texts[side][taken[side] % len(texts[side])][language])
                taken[side] += 1
                role = ROLES[int(rng.integers(len(ROLES)))][language]
                owner = partner.manager if side == "us" else role
                action = _agreed(rng, partner, first, (side, text, owner))
                if began <= action.agreed_on < ended:
                    actions.append(action)
    return actions


def _quarters(as_of: date) -> list[date]:
    """The first days of the last quarters, the running one included, in order."""
    running = first_of_month(as_of, (as_of.month - 1) % 3)
    return [first_of_month(running, 3 * back) for back in range(QUARTERS)][::-1]


def _agreed(
    rng: np.random.Generator, partner: Partner, first: date, told: tuple[str, str, str]
) -> Action:
    """Agreed on in the first weeks of its quarter and due within it, often on its last day. The
    better engaged a partner, the more is kept, on both sides."""
    agreed = first + timedelta(days=int(rng.integers(3, 20)))
    last = first_of_month(first, -3) - timedelta(days=1)
    due = min(last, first + timedelta(days=int(rng.integers(28, 135))))
    early, late = int(rng.integers(0, 12)), int(rng.integers(2, 35))
    is_kept = rng.random() < KEPT * min(1.0, 0.82 + 0.18 * partner.engagement)
    is_never, is_dropped = rng.random() < NEVER, rng.random() < DROPPED
    done = max(agreed, due - timedelta(days=early)) if is_kept else due + timedelta(days=late)
    side, text, owner = told
    return Action(
        partner_id=partner.partner_id,
        quarter=f"{first.year}Q{first.month // 3 + 1}",
        side=side,
        text=text,
        owner=owner,
        agreed_on=agreed,
        due_on=due,
        done_on=None if is_dropped or (is_never and not is_kept) else done,
        dropped_on=agreed + (due - agreed) // 2 if is_dropped else None,
    )
