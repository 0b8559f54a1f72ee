"""Monitor and engine as the SDK calls them, in the place of gRPC stubs, from the program's threads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import Any

from google.protobuf import empty_pb2
from pulumi.runtime import _context
from pulumi.runtime.proto import engine_pb2, resource_pb2

from stacks.engine.monitor import Monitor, ending, info, unanswered

Run = tuple[Monitor, asyncio.AbstractEventLoop]
_EMPTY = empty_pb2.Empty()
_LEGACY = {"secrets", "resourceReferences", "aliasSpecs", "deletedWith", "replaceWith", "transforms", "invokeTransforms", "resourceHooks"}


class Stub:
    """Hands each call to the run's monitor, on the engine's loop. What is asked, and said, before there is a run waits for it.

    A program can so be begun while the cloud is still being read: the SDK needs a second or two of the processor for a thousand resources before
    their first answers matter; a cloud needs as long for its lists.
    """

    def __init__(self, project: str, stack: str, preview: bool) -> None:
        self._info = info(project, stack, preview)
        self._run: Run | None = None
        self._waiting: list[Callable[[Run | None], None]] = []
        self._unanswered: set[Future[Any]] = set()
        self._lock = threading.RLock()
        self._settled = threading.Event()  # there is a run, or there will be none

    def wait(self, limit_s: float) -> None:
        """Until it is open or refused, at most so long."""
        self._settled.wait(limit_s)

    def open(self, monitor: Monitor, loop: asyncio.AbstractEventLoop) -> None:
        """Answer from now on."""
        self._settle((monitor, loop))

    def refuse(self) -> None:
        """There is no run, or none any more: whoever asks, or waits, is told that it is ending, and what the program says is not shown."""
        self._settle(None)
        for answer in [*self._unanswered]:
            _end(answer)

    def _settle(self, run: Run | None) -> None:
        with self._lock:
            self._run, waiting, self._waiting = run, self._waiting, []
            self._settled.set()
            for work in waiting:
                work(run)

    def _then(self, work: Callable[[Run | None], None]) -> None:
        """Do this once it is known whether there is a run, in the order of the calls."""
        with self._lock:
            if self._settled.is_set():
                work(self._run)
            else:
                self._waiting.append(work)

    # --- what is known without a run ---

    def GetDeploymentInfo(self, request: empty_pb2.Empty) -> resource_pb2.DeploymentInfo:  # noqa: N802
        return self._info

    def SupportsFeature(self, request: resource_pb2.SupportsFeatureRequest) -> resource_pb2.SupportsFeatureResponse:  # noqa: N802
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in _LEGACY)

    def GetRootResource(self, request: engine_pb2.GetRootResourceRequest) -> engine_pb2.GetRootResourceResponse:  # noqa: N802
        return engine_pb2.GetRootResourceResponse()

    def SetRootResource(self, request: engine_pb2.SetRootResourceRequest) -> engine_pb2.SetRootResourceResponse:  # noqa: N802
        return engine_pb2.SetRootResourceResponse()

    def RequirePulumiVersion(self, request: engine_pb2.RequirePulumiVersionRequest) -> engine_pb2.RequirePulumiVersionResponse:  # noqa: N802
        return engine_pb2.RequirePulumiVersionResponse()

    # --- what is not ---

    def Log(self, request: engine_pb2.LogRequest) -> empty_pb2.Empty:  # noqa: N802
        def say(run: Run | None) -> None:
            if run is not None:
                monitor, loop = run
                with suppress(RuntimeError):  # the loop is closed
                    loop.call_soon_threadsafe(monitor.log, request)

        if request.severity != engine_pb2.DEBUG:
            self._then(say)
        return _EMPTY

    def __getattr__(self, name: str) -> Callable[[Any], Any]:
        """Any other call; the SDK has some that nobody answers."""
        return partial(self._call, name) if hasattr(Monitor, name) else partial(unanswered, name)

    def _call(self, name: str, request: Any) -> Any:
        turn: _Turn | None = getattr(_turns, "now", None)
        if turn is None:  # a thread of the program's own, or the SDK's callback server: it waits
            return self._ask(name, request).result()
        answer = next(turn.known, None)
        if answer is None:
            turn.asked = self._ask(name, request)
            raise _LaterError
        return answer.result()

    def _ask(self, name: str, request: Any) -> Future[Any]:
        answer: Future[Any] = Future()
        self._unanswered.add(answer)
        answer.add_done_callback(self._unanswered.discard)
        context = copy_context()  # a policy asks the SDK for the project

        def begin(monitor: Monitor, loop: asyncio.AbstractEventLoop) -> None:
            loop.create_task(monitor.answer(name, request)).add_done_callback(partial(_end, answer))

        def ask(run: Run | None) -> None:
            try:
                if run is not None:
                    run[1].call_soon_threadsafe(begin, *run, context=context)
                    return
            except RuntimeError:  # the loop is closed
                pass
            _end(answer)

        self._then(ask)
        return answer


def _end(answer: Future[Any], task: asyncio.Task[Any] | None = None) -> None:
    """Hand over what the task has come to; where there is none, or it was cancelled, that the run is ending."""
    with suppress(InvalidStateError):  # it was ended meanwhile
        if task is None or task.cancelled():
            answer.set_exception(ending())
        elif error := task.exception():
            answer.set_exception(error)
        else:
            answer.set_result(task.result())


class Calls(ThreadPoolExecutor):
    """Takes what the program's loop would have done in threads; the SDK's calls wait for their answers without one.

    Each of the SDK's functions asks, and returns what comes of the answer: it is called to ask, and again when the answer is there. So any number of
    registrations may wait, and none is handed from thread to thread, which took a sixth of a preview.
    """

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if getattr(function, "__module__", "") != _context.__name__:  # the program's own
            return super().submit(function, *args, **kwargs)
        result: Future[Any] = Future()
        result.set_running_or_notify_cancel()
        _go_on(partial(function, *args, **kwargs), result, ())
        return result


class _Turn:
    """One of the times that a function is called: what it asked before is answered, in that order, and then it has `asked` more."""

    def __init__(self, known: tuple[Future[Any], ...]) -> None:
        self.known = iter(known)
        self.asked: Future[Any] = Future()


class _LaterError(BaseException):
    """The answer is not there yet."""


_turns = threading.local()


def _go_on(function: Callable[[], Any], result: Future[Any], known: tuple[Future[Any], ...]) -> None:
    turn = _turns.now = _Turn(known)
    try:
        try:
            value = function()
        finally:
            _turns.now = None  # what follows may begin another's
    except _LaterError:
        turn.asked.add_done_callback(lambda answer: _go_on(function, result, (*known, answer)))
    except BaseException as error:  # handed to whoever waits for it
        result.set_exception(error)
    else:
        result.set_result(value)
