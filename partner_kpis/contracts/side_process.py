"""A second process that holds Great Expectations, so that its long import overlaps other work.

Belongs here: starting it, calling functions in it, ending it. Does not belong here: any check.
Requests and answers are pickles between two processes of ours; nothing landed is ever unpickled.
The process ends by itself when its parent does, however that happens: its input closes.
"""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType
from typing import Any, TypeVar

from partner_kpis.home import project_root

Answer = TypeVar("Answer")
_PRELOAD = ("great_expectations", "partner_kpis.contracts.batch")
_RARELY_USED = ("scipy", "altair")
"""Imported by Great Expectations for distributions and plots, a quarter of its import time."""


class SideProcess:
    """One worker; `call` waits for the answer, `tell` does not."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._pending = 0
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to import; does nothing when it runs already."""
        if self._process is None or self._process.poll() is not None:
            self._pending = 0
            self._process = subprocess.Popen(
                [sys.executable, "-m", "partner_kpis.contracts.side_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=project_root(),
            )

    def call(self, function: Callable[..., Answer], *arguments: Any) -> Answer:
        """The answer of a module-level function; what it raises is raised here."""
        with self._lock:
            self._send(function, arguments)
            while True:
                answer = self._receive()
                if self._pending == 0:
                    return answer  # type: ignore[no-any-return]

    def tell(self, function: Callable[..., object], *arguments: Any) -> None:
        """Ask without waiting; a fault shows with the next call."""
        with self._lock:
            self._send(function, arguments)

    def close(self) -> None:
        """Let it finish what it was told, then end it."""
        process, self._process = self._process, None
        if process is not None and process.stdin is not None and process.stdout is not None:
            process.stdin.close()
            process.stdout.read()
            process.wait()

    def _send(self, function: Callable[..., object], arguments: tuple[Any, ...]) -> None:
        self.start()
        assert self._process is not None and self._process.stdin is not None
        pickle.dump((function, arguments), self._process.stdin)
        self._process.stdin.flush()
        self._pending += 1

    def _receive(self) -> Any:
        assert self._process is not None and self._process.stdout is not None
        try:
            is_answer, content = pickle.load(self._process.stdout)
        except EOFError as error:
            self._process = None
            raise RuntimeError(
                "The process that checks promises ended without an answer."
            ) from error
        self._pending -= 1
        if not is_answer:
            raise content
        return content


shared = SideProcess()
"""One for the whole process: tests and `dagster dev` pay the import once."""
atexit.register(shared.close)


class _WhenUsed:
    """Finds the packages of _RARELY_USED; their code runs when an attribute is asked for."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] not in _RARELY_USED:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def _serve() -> None:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not get between the answers
    sys.meta_path.insert(0, _WhenUsed)
    for name in _PRELOAD:
        __import__(name)
    while True:
        try:
            function, arguments = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer = (True, function(*arguments))
        except Exception as error:
            answer = (False, error)
        pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    _serve()
