"""What a checkout has ready before its first run: the parsed project, and an empty warehouse.

Belongs here: making both for the code as it is now; `python -m pipelines.checkout` does so when the
checkout is installed. Does not belong here: how they are used (dbt_project.py, warehouse.py).

A warehouse that was built without any export holds every view, and every table without rows. A
full refresh begins with it, and builds only what exports and settings reach: two fifths of the
models are views. Where it was not made, because the code has changed since, a full refresh begins
with nothing.
"""

from __future__ import annotations

import os
import shutil
import tempfile

from partner_kpis.catalogue import read_catalogue
from partner_kpis.home import DataHome
from partner_kpis.side_process import leave
from partner_kpis.warehouse import code_version
from pipelines.dbt_project import empty_warehouse, parse
from pipelines.steps import Options, Project, build_step


def get_ready() -> None:
    """Make what is not there yet. Raises UserError for a faulty project."""
    code = code_version()
    with tempfile.TemporaryDirectory(prefix="partner-kpis-") as folder:
        home = DataHome.at(folder).create()
        read_catalogue(parse(home, code).document)
        kept = empty_warehouse(home, code)
        if kept.exists():
            return
        for _ in build_step(home, Project(), Options(full_refresh=True), lambda sentence: None):
            pass
        beside = kept.with_suffix(f".{os.getpid()}")  # another process may be making it too
        shutil.copyfile(home.warehouse_db, beside)
        beside.replace(kept)


if __name__ == "__main__":
    get_ready()
    leave(0)
