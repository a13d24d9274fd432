"""The first checks of a runbook, for messages: docs/runbooks/<kpi>.md.

Belongs here: reading its numbered list. Does not belong here: showing the whole page.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from partner_kpis.home import project_root

_FOLDER = "docs/runbooks"
_HEADING = "**First checks**"


@cache
def first_checks(path: str) -> tuple[str, ...]:
    """The numbered steps under "First checks"; none where there is no such page.

    The path comes from a snapshot: nothing outside the folder of the runbooks is read.
    """
    folder = (project_root() / _FOLDER).resolve()
    page = (project_root() / Path(path)).resolve()
    if page.parent != folder or not page.is_file():
        return ()
    _, _, after = page.read_text(encoding="utf-8").partition(_HEADING)
    steps: list[str] = []
    for line in after.strip().splitlines():
        if re.match(r"^\d+\. ", line):
            steps.append(line.strip())
        elif line.strip():
            break
    return tuple(steps)
