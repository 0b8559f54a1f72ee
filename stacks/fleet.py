"""The same work on several clouds side by side, one process each: threads would share one interpreter lock. One that fails, or dies, fails alone."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import Any, TypeVar

from inventory.errors import InputError, XiangyunError

T = TypeVar("T")
Watch = Callable[[str, dict[str, Any]], Any]  # cloud, event
Work = Callable[[str, Callable[[dict[str, Any]], Any] | None], T]  # cloud, where its events go → result


def run(clouds: Sequence[str], work: Work[T], jobs: int = 0, watch: Watch | None = None) -> Iterator[tuple[str, T | XiangyunError]]:
    """(cloud, result or failure) as they come. `jobs` processes at a time (0: one a processor, at least two); one cloud, or one job, stays in this process.

    Ctrl-C, or SIGTERM, is handed to every process once a press: each ends what it has begun, and KeyboardInterrupt comes after the last.
    """
    jobs = jobs or max(2, os.cpu_count() or 1)
    with _term_like_ctrl_c():
        if len(clouds) == 1 or jobs == 1:
            for cloud in clouds:
                try:
                    yield cloud, work(cloud, None if watch is None else partial(watch, cloud))
                except XiangyunError as error:
                    yield cloud, error
        else:
            yield from _Fleet(list(clouds), work, jobs, watch).run()


@contextmanager
def _term_like_ctrl_c() -> Iterator[None]:
    """A pipeline that is cancelled sends SIGTERM, and so does `cloud cancel`: a shell may have had SIGINT ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class _Fleet:
    def __init__(self, clouds: list[str], work: Work[Any], jobs: int, watch: Watch | None) -> None:
        self._waiting, self._work, self._jobs, self._watch = clouds, work, jobs, watch
        self._running: dict[Connection, tuple[str, ForkProcess]] = {}
        self._pressed = False

    def run(self) -> Iterator[tuple[str, Any]]:
        try:
            while self._running or (self._waiting and not self._pressed):
                try:
                    while self._waiting and len(self._running) < self._jobs and not self._pressed:
                        self._start(self._waiting.pop(0))
                    for pipe in wait(list(self._running)):
                        assert isinstance(pipe, Connection)
                        found = self._take(pipe)
                        if found is not None:
                            yield found
                except KeyboardInterrupt:
                    self._pressed = True
                    self._signal(signal.SIGTERM)
            if self._pressed:
                raise KeyboardInterrupt
        finally:
            self._signal(signal.SIGTERM)  # whoever stopped listening wants no more done
            for _, process in self._running.values():
                process.join()

    def _start(self, cloud: str) -> None:
        ours, theirs = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.get_context("fork").Process(target=self._body, args=(cloud, ours, theirs), name=cloud)
        process.start()
        theirs.close()
        self._running[ours] = (cloud, process)

    def _body(self, cloud: str, inherited: Connection, pipe: Connection) -> None:
        """In the cloud's own process. It leaves the terminal's group, so that Ctrl-C reaches it through its parent alone."""
        os.setpgid(0, 0)
        for other in (inherited, *self._running):  # else nobody would see that the parent is gone
            other.close()

        orphaned = False

        def tell(event: dict[str, Any]) -> None:
            nonlocal orphaned
            try:
                pipe.send(("event", event))
            except BrokenPipeError:  # the parent was killed: end what was begun, as for Ctrl-C
                if not orphaned:
                    orphaned = True
                    os.kill(os.getpid(), signal.SIGTERM)

        try:
            answer: tuple[str, Any] = ("result", self._work(cloud, tell if self._watch is not None else None))
        except KeyboardInterrupt:
            answer = ("failure", XiangyunError(f"{cloud}: interrupted"))
        except XiangyunError as error:
            answer = ("failure", _bare(error))
        except Exception as error:  # a fault of ours, and of this cloud's process alone
            if os.environ.get("XIANGYUN_DEBUG"):
                traceback.print_exc()
            answer = ("failure", XiangyunError(f"{cloud}: {type(error).__name__}: {error} (--debug shows where)"))
        with suppress(BrokenPipeError):
            pipe.send(answer)

    def _take(self, pipe: Connection) -> tuple[str, Any] | None:
        cloud, process = self._running[pipe]
        try:
            kind, value = pipe.recv()
        except EOFError:
            kind, value = "failure", None
        if kind == "event":
            assert self._watch is not None
            self._watch(cloud, value)
            return None
        process.join()
        del self._running[pipe]
        pipe.close()
        if value is None:
            code = process.exitcode or 0
            how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
            value = XiangyunError(f"{cloud}: its process {how}: what it had begun is in its state; run it again to go on")
        return cloud, value

    def _signal(self, number: int) -> None:
        for _, process in self._running.values():
            if process.pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(process.pid, number)


def _bare(error: XiangyunError) -> XiangyunError:
    """The error without its chain, which may not travel between processes."""
    return InputError(str(error)) if isinstance(error, InputError) else XiangyunError(str(error))
