"""What `dagster dev` loads: the definitions for the data home named in PARTNER_KPIS_HOME."""

from __future__ import annotations

import os

from partner_kpis.home import DataHome, project_root
from partner_kpis.warehouse import code_version
from pipelines.build import build_definitions
from pipelines.dbt_project import parse

_home = DataHome.at(os.environ.get("PARTNER_KPIS_HOME", str(project_root() / "demo-home"))).create()

defs = build_definitions(_home, parse(_home, code_version()).document)
