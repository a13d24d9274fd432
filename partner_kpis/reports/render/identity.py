"""The identity of a document as text that every format carries within it.

Belongs here: identity to JSON and back. Does not belong here: where a format keeps it.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final, cast

from partner_kpis.errors import UserError
from partner_kpis.reports.document import Identity

XML_NAMESPACE: Final = "urn:partner-kpis:identity"


def to_dict(identity: Identity) -> dict[str, Any]:
    """Plain values: dates in ISO 8601, definitions as KPI id → version."""
    return {
        **asdict(identity),
        "as_of": identity.as_of.isoformat(),
        "created_at": identity.created_at.isoformat(),
        "definitions": dict(identity.definitions),
    }


def to_json(identity: Identity) -> str:
    """In ASCII, so that no part of a file can garble it; the same text for the same identity."""
    return json.dumps(to_dict(identity), sort_keys=True, separators=(",", ":"))


def from_json(text: str | None) -> Identity:
    """Raises UserError where the text is no identity."""
    try:
        read = json.loads(text or "")
        definitions = cast("dict[str, str]", read.pop("definitions"))
        return Identity(
            **{
                **read,
                "as_of": date.fromisoformat(read["as_of"]),
                "created_at": datetime.fromisoformat(read["created_at"]),
                "definitions": tuple(definitions.items()),
            }
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UserError(
            "The file does not say which document it is: it was not made by partner-kpis, or "
            "another program has saved it without that part. Use the file as it was made."
        ) from error
