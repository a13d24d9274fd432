"""A second process that holds a library with a long import, so that importing overlaps other work.

Belongs here: starting it, calling functions in it, ending it. Does not belong here: what is called.
Requests and answers are pickles between two processes of ours; nothing landed is ever unpickled.
When its parent dies, however that happens, the process ends at once: nobody writes for a run that
is no more.
"""

from __future__ import annotations

import atexit
import gc
import logging
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor, as_completed
from contextlib import suppress
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType
from typing import Any, Literal, NoReturn, TypeVar

from partner_kpis.home import project_root

Answer = TypeVar("Answer")
Kind = Literal["answer", "fault", "report"]
_END = None  # the request that ends the process; without it, a closed input means a dead parent


def import_for_good(names: Sequence[str]) -> None:
    """Import libraries that stay until the process ends, without looking for garbage in them.

    The collector walks all that has been loaded again and again while more is loaded: a sixth of
    a long import.
    """
    gc.disable()
    for name in names:
        __import__(name)
    gc.freeze()
    gc.enable()
    # What is frozen when the interpreter ends is reported as leaked, on the user's terminal.
    atexit.register(gc.unfreeze)


def leave(code: int) -> NoReturn:
    """End this process after what was registered for its end.

    As the interpreter ends, it takes apart what was imported, object by object: of a run's
    libraries that takes longer than publishing.
    """
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # whoever read it, such as `head`, may be gone
            stream.flush()
    os._exit(code)


def finished(steps: Generator[Any, None, Answer]) -> Answer:
    """What a generator returns in the end, whatever it yields before."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


_tell_parent: Callable[[Kind, Any], None] | None = None


def report(content: Any) -> None:
    """Tell whoever called, from inside of a side process, how far its function is."""
    if _tell_parent is not None:
        _tell_parent("report", content)


class SideProcess:
    """One worker; `call` waits for the answer, `tell` does not and leaves its faults to `faults`.

    preload: modules to import before the first request; when_used: packages among what they import
    whose code runs only when something asks for it.
    """

    def __init__(self, preload: Sequence[str], when_used: Sequence[str] = ()) -> None:
        self._preload, self._when_used = preload, when_used
        self._process: subprocess.Popen[bytes] | None = None
        self._pending = 0
        self.was_asked = False
        self._faults: list[Exception] = []  # of what it was told
        self._lock = threading.Lock()
        atexit.register(self.close)

    def start(self) -> bool:
        """Begin to import; False when it runs already."""
        if self._process is not None and self._process.poll() is None:
            return False
        self._pending, self.was_asked = 0, False
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, ",".join(self._preload), ",".join(self._when_used)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=project_root(),
        )
        return True

    def call(self, function: Callable[..., Answer], *arguments: Any) -> Answer:
        """The answer of a module-level function; what it raises is raised here."""
        return finished(self.follow(function, *arguments))

    def follow(
        self, function: Callable[..., Answer], *arguments: Any
    ) -> Generator[Any, None, Answer]:
        """Call it, and yield what it reports (see `report`) while it is at work."""
        with self._lock:
            try:
                self._send((function, arguments))
                self._receive_until(1)
                kind, content = self._receive()
                while kind == "report":
                    yield content
                    kind, content = self._receive()
            except (KeyboardInterrupt, GeneratorExit):  # nobody waits for the answer any longer
                self.kill()
                raise
        if kind == "fault":
            raise content
        return content  # type: ignore[no-any-return]

    def tell(self, function: Callable[..., object], *arguments: Any) -> None:
        """Ask without waiting; whoever wants to know of a fault asks for `faults`."""
        with self._lock:
            self._send((function, arguments))

    def faults(self) -> list[Exception]:
        """Wait for all that was told; what went wrong with it since the last time of asking."""
        with self._lock:
            try:
                self._receive_until(0)
            except RuntimeError as ended:
                self._faults.append(ended)
            faults, self._faults = self._faults, []
        return faults

    def close(self) -> None:
        """Let it finish what it was told, then end it; at once when it was told nothing."""
        if not self.was_asked:
            self.kill()
        process, self._process = self._process, None
        if process is not None and process.stdin is not None and process.stdout is not None:
            with suppress(OSError):  # it may have ended before
                pickle.dump(_END, process.stdin)
                process.stdin.flush()
            process.stdout.read()
            process.wait()
            with suppress(OSError):
                process.stdin.close()

    def kill(self) -> None:
        """End it at once, whatever it is at."""
        process, self._process = self._process, None
        self._pending = 0
        if process is not None:
            process.kill()
            process.wait()

    def _send(self, request: tuple[Callable[..., object], tuple[Any, ...]]) -> None:
        self.start()
        assert self._process is not None and self._process.stdin is not None
        pickle.dump(request, self._process.stdin)
        self._process.stdin.flush()
        self._pending += 1
        self.was_asked = True

    def _receive_until(self, pending: int) -> None:
        """Take the answers to what was told, which nobody waits for, off the line."""
        while self._pending > pending:
            kind, content = self._receive()
            if kind == "fault":
                self._faults.append(content)

    def _receive(self) -> tuple[Kind, Any]:
        assert self._process is not None and self._process.stdout is not None
        try:
            message: tuple[Kind, Any] = pickle.load(self._process.stdout)
        except EOFError as error:
            self.kill()
            raise RuntimeError("A helping process ended without an answer.") from error
        self._pending -= message[0] != "report"
        return message


class Crew:
    """Several such processes that share calls of one function; a context manager that ends them."""

    def __init__(self, count: int, preload: Sequence[str]) -> None:
        self._all = [SideProcess(preload) for _ in range(count)]
        self._is_over = False
        for process in self._all:
            process.start()

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *error: object) -> None:
        for process in self._all:
            process.close()

    def each(
        self, function: Callable[..., Answer], calls: Iterable[tuple[Any, ...]]
    ) -> Iterator[Answer]:
        """The answers of a module-level function, in the order in which they are ready.

        The first thing that it raises is raised here; what is not begun by then never begins.
        """
        idle: queue.SimpleQueue[SideProcess] = queue.SimpleQueue()
        for process in self._all:
            idle.put(process)

        def call(arguments: tuple[Any, ...]) -> Answer:
            process = idle.get()
            try:
                if self._is_over:
                    raise CancelledError
                return process.call(function, *arguments)
            finally:
                idle.put(process)

        with ThreadPoolExecutor(len(self._all)) as pool:
            waiting = [pool.submit(call, arguments) for arguments in calls]
            try:
                for answered in as_completed(waiting):
                    yield answered.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self.kill()  # or leaving would wait for what they are at
                raise

    def kill(self) -> None:
        """End them at once, whatever they are at."""
        self._is_over = True
        for process in self._all:
            process.kill()


class _WhenUsed:
    """Finds the given packages; their code runs when an attribute is asked for."""

    def __init__(self, packages: Sequence[str]) -> None:
        self._packages = packages

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] not in self._packages:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def _serve(preload: Sequence[str], when_used: Sequence[str]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted too, and decides
    answers, one_at_a_time = os.fdopen(os.dup(1), "wb"), threading.Lock()
    os.dup2(2, 1)  # what libraries print must not get between the answers

    def tell_parent(kind: Kind, content: Any) -> None:
        with one_at_a_time:
            pickle.dump((kind, content), answers)
            answers.flush()

    requests: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(requests,), daemon=True).start()
    logging.raiseExceptions = False  # a log that cannot be written is not the user's matter
    sys.meta_path.insert(0, _WhenUsed(when_used))
    import_for_good(preload)
    # This file runs as the main program; whoever reports has imported it under its name.
    import_module(f"{__package__}.side_process")._tell_parent = tell_parent  # type: ignore[attr-defined]
    while (request := requests.get()) is not _END:
        function, arguments = request
        try:
            answer = function(*arguments)
        except Exception as error:
            error.add_note(f"In a helping process:\n{traceback.format_exc()}")
            tell_parent("fault", error)
        else:
            tell_parent("answer", answer)
    leave(0)


def _read(requests: queue.SimpleQueue[Any]) -> None:
    """Pass requests on; end the process, whatever it does, when the parent has died."""
    while True:
        try:
            request = pickle.load(sys.stdin.buffer)
        except (EOFError, pickle.UnpicklingError):
            os._exit(1)
        requests.put(request)
        if request is _END:
            return


if __name__ == "__main__":
    _serve(*(argument.split(",") if argument else [] for argument in sys.argv[1:3]))
