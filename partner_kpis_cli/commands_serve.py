"""The command that serves: dashboard.

Belongs here: starting the server of the pages. Does not belong here: anything that a run needs;
to import that would keep whoever waits for the first page waiting.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

from partner_kpis.errors import UserError
from partner_kpis.home import DataHome, project_root
from partner_kpis.side_process import import_for_good

_SERVER = ("streamlit.web.bootstrap", "streamlit.web.server.starlette.starlette_server", "uvicorn")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def dashboard_command(root: Path, host: str, port: int) -> int:
    """Serve the scorecards until interrupted."""
    home = DataHome.at(root)
    if not home.root.exists():
        raise UserError(f"There is no data home at {home.root}. Name one with --home.")
    if host not in _LOOPBACK:
        print(
            f"Warning: {host} can be reached from other machines, and the scorecards have no "
            "login yet. Everyone who reaches this address sees everything."
        )
    port = _free_port(host, port)
    shown = f"[{host}]" if ":" in host else host
    print(f"Scorecards: http://{shown}:{port}  (Ctrl+C ends them)", flush=True)
    os.chdir(project_root())
    # In this process: a new one would begin with what this one has loaded already. Streamlit takes
    # what it is started with from here: the folder of its settings, and the words for the pages.
    sys.argv = [str(project_root() / "dashboards" / "server.py"), "--home", str(home.root)]
    import_for_good(_SERVER)
    from dashboards.server import app

    app.run(
        config={
            "server.address": host, "server.port": port, "server.headless": True,
            "server.fileWatcherType": "none", "browser.gatherUsageStats": False,
            "logger.level": "warning",
        }
    )  # fmt: skip
    return 0


def dashboard_in_place(root: Path, host: str, port: int) -> NoReturn:
    """Serve in place of this process: what a run has loaded is of no use to a server."""
    os.execv(
        sys.executable,
        [
            sys.executable, "-P", "-m", "partner_kpis_cli.main", "dashboard",
            "--home", str(root), "--host", host, "--port", str(port),
        ],
    )  # fmt: skip


def _free_port(host: str, port: int) -> int:
    """The wanted port, or the next free one when something else listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in [port, *range(port + 1, port + 20), 0] if port else [0]:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            try:
                probe.bind((host, candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise UserError(f"No free port near {port} on {host}. Name another one with --port.")
