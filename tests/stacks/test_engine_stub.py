"""What the SDK asks waits for its answer without a thread; what the program does in threads has them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any, cast

import pulumi
import pytest
from pulumi.runtime import _context
from pulumi.runtime.proto import engine_pb2

from stacks.engine.monitor import Refused
from stacks.engine.stub import Calls, Stub
from tests.stacks.conftest import Make
from tests.stacks.memory import Thing, World, counts

MANY = 300
WAIT_S = 30


class Listening:
    """A monitor that answers with what it was asked, and raises what it was given."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def log(self, request: engine_pb2.LogRequest) -> None:
        self.heard.append(request.message)

    async def answer(self, name: str, request: Any) -> Any:
        self.heard.append(name)
        if isinstance(request, Exception):
            raise request
        return request


class Running:
    """A stub, with or without its run yet, on a loop in a thread of its own."""

    def __init__(self) -> None:
        self.stub, self.monitor, self.loop = Stub("p", "dev", False), Listening(), asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()

    def open(self) -> None:
        self.stub.open(cast(Any, self.monitor), self.loop)

    def close(self) -> None:
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join()
            self.loop.close()


@pytest.fixture
def running() -> Iterator[Running]:
    found = Running()
    yield found
    found.close()


def sdks(function: Callable[[], Any]) -> Callable[[], Any]:
    """A function as the SDK gives it to its loop's executor."""
    wrapped: Callable[[], Any] = _context.wrap_with_context(function)  # type: ignore[no-untyped-call]
    return wrapped


def done(answer: Future[Any]) -> Any:
    return answer.result(WAIT_S)


def test_what_a_program_says_first_is_heard_before_it_is_answered(running: Running) -> None:
    with Calls() as calls:
        running.stub.Log(engine_pb2.LogRequest(severity=engine_pb2.INFO, message="first"))
        answer = calls.submit(sdks(lambda: running.stub.Invoke(1)))
        assert running.monitor.heard == []
        running.open()
        running.stub.Log(engine_pb2.LogRequest(severity=engine_pb2.INFO, message="second"))
        running.stub.Log(engine_pb2.LogRequest(severity=engine_pb2.DEBUG, message="never"))
        assert done(answer) == 1
        assert done(calls.submit(sdks(lambda: running.stub.Invoke(2)))) == 2
    assert running.monitor.heard[0] == "first"
    assert sorted(running.monitor.heard[1:]) == ["Invoke", "Invoke", "second"]


def test_a_function_goes_on_where_it_was_however_often_it_asks(running: Running) -> None:
    began: list[threading.Thread] = []

    def function() -> tuple[Any, Any, str]:
        began.append(threading.current_thread())
        first = running.stub.Invoke(1)
        try:
            second = running.stub.Invoke(Refused(cast(Any, None), "not that"))
        except Refused as error:
            second = error.details()
        return first, second, running.stub.GetDeploymentInfo(None).project

    running.open()
    with Calls() as calls:
        assert done(calls.submit(sdks(function))) == (1, "not that", "p")
    assert running.monitor.heard == ["Invoke", "Invoke"]
    assert len(began) == 3
    assert not [thread for thread in began if thread.name.startswith("ThreadPool")]


def test_what_it_raises_is_raised_where_it_is_waited_for(running: Running) -> None:
    def function() -> None:
        running.stub.Invoke(1)
        raise LookupError("and then")

    running.open()
    with Calls() as calls:
        with pytest.raises(LookupError, match="and then"):
            done(calls.submit(sdks(function)))
        assert done(calls.submit(sdks(lambda: running.stub.Invoke(2)))) == 2


def test_a_function_of_the_program_has_a_thread(running: Running) -> None:
    running.open()
    with Calls(thread_name_prefix="own") as calls:
        assert done(calls.submit(lambda: (running.stub.Invoke(3), threading.current_thread().name[:3]))) == (3, "own")


@pytest.mark.parametrize("ends", ["refused", "closed", "cancelled"])
def test_whoever_waits_is_told_that_the_run_is_ending(running: Running, ends: str) -> None:
    async def never(name: str, request: Any) -> None:
        await asyncio.sleep(WAIT_S)

    with Calls() as calls:
        if ends == "closed":
            running.open()
            running.close()
        if ends == "cancelled":
            running.monitor.answer = never  # type: ignore[method-assign]
            running.open()
        answer = calls.submit(sdks(lambda: running.stub.Invoke(1)))
        if ends == "refused":
            running.stub.refuse()
        if ends == "cancelled":
            running.loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(running.loop)])
        with pytest.raises(Refused, match="the run is ending"):
            done(answer)


def test_whoever_waits_when_the_loop_has_gone_is_told_too(running: Running) -> None:
    """A thread of the program may ask while the loop is being closed, which forgets what it was to do."""
    asked = threading.Event()

    async def never(name: str, request: Any) -> None:
        asked.set()
        await asyncio.get_running_loop().create_future()

    running.monitor.answer = never  # type: ignore[method-assign]
    running.open()
    with Calls() as calls:
        answer = calls.submit(lambda: running.stub.Invoke(1))
        assert asked.wait(WAIT_S)
        running.close()
        running.stub.Log(engine_pb2.LogRequest(severity=engine_pb2.INFO, message="nobody hears"))
        running.stub.refuse()
        running.stub.refuse()
        with pytest.raises(Refused, match="the run is ending"):
            done(answer)


def test_as_many_registrations_wait_as_there_are(make: Make, world: World) -> None:
    def program() -> None:
        for number in range(MANY):
            Thing(f"t{number}")

    world.together = MANY
    threads = threading.active_count()
    most = [0]
    world.before = lambda call, name: most.__setitem__(0, max(most[0], threading.active_count()))
    assert counts(make(program).up()) == {"create": MANY + 1}
    assert world.most_active == MANY
    assert most[0] - threads < 10


@pytest.mark.parametrize("call", ["preview", "up"])
def test_transforms_that_ask_while_many_registrations_wait(make: Make, world: World, call: str) -> None:
    """The CLI's program has as many threads as `--parallel`, and waits for ever where all of them wait for such a transform."""

    async def twice(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if args.type_ != "mem:index:Thing":
            return None
        size: Any = args.props["size"]
        found = await pulumi.runtime.invoke_async("mem:index:double", {"n": float(size)})
        return pulumi.ResourceTransformResult(props={**args.props, "size": found["twice"]}, opts=args.opts)

    def program() -> None:
        pulumi.runtime.register_resource_transform(twice)
        for number in range(MANY):
            Thing(f"t{number}", size=1)

    stack = make(program)
    assert counts(getattr(stack, call)()) == {"create": MANY + 1}
    if call == "up":
        assert world.named("t7")["size"] == 2
