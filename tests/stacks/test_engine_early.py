"""A program that is begun while what exists is still being read: nothing that it asks is answered before that has ended well, but for what stays as it is."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi.provider.experimental import provider as sdk

from stacks.engine import StackError, program, refreshing
from stacks.engine.providers import Registry
from stacks.engine.stack import FIRST_S
from tests.stacks.conftest import Make
from tests.stacks.memory import Memory, MemProvider, Thing, World, counts

WAIT_S = 30


def ended_programs() -> bool:
    """Whether no program, and none of its threads, waits for an answer."""
    threads = [thread for thread in threading.enumerate() if thread.name.startswith("program")]
    for thread in threads:
        thread.join(WAIT_S)
    return not any(thread.is_alive() for thread in threads)


def test_a_program_is_begun_while_the_refresh_reads(make: Make, world: World) -> None:
    begun = threading.Event()

    def program() -> None:
        Thing("a")
        begun.set()

    stack = make(program)
    stack.up()
    begun.clear()
    world.before = lambda call, name: begun.wait(WAIT_S) if call == "read" else None
    world.quiet.clear()
    assert counts(stack.preview(refresh=True)) == {"same": 2}
    assert begun.is_set()


def test_what_it_asks_waits_for_the_refresh(make: Make, world: World) -> None:
    begun, order = threading.Event(), []

    def program() -> None:
        pulumi.log.info("it says so first")
        Thing("a", size=3)
        begun.set()

    stack = make(program)
    stack.up()
    begun.clear()

    def before(call: str, name: str) -> None:
        order.append(call)
        if call == "read":
            assert begun.wait(WAIT_S)
            assert world.quiet == []

    world.before = before
    lines: list[str] = []
    world.quiet.clear()
    stack.up(refresh=True, on_output=lines.append)
    assert world.quiet, "and then it is compared"
    assert order == ["read"]
    assert [line for line in lines if "it says so first" in line]


def test_a_refresh_that_fails_ends_the_program_before_it_did_anything(make: Make, world: World) -> None:
    def program() -> None:
        pulumi.log.warn("nobody hears this")
        Thing("a", size=5)
        Thing("new")

    stack = make(program)
    stack.up()
    world.fail[("read", "a")] = "the API is away"
    world.calls.clear()
    lines: list[str] = []
    with pytest.raises(StackError) as caught:
        stack.up(refresh=True, on_output=lines.append)
    assert "read failed: the API is away" in str(caught.value)
    assert "nobody hears" not in str(caught.value) + "".join(lines)
    assert world.only("create", "update", "delete") == []
    assert ended_programs()


def test_a_program_that_fails_at_once_is_told_after_the_refresh(make: Make, world: World) -> None:
    state = {"fail": False}

    def program() -> None:
        if state["fail"]:
            raise RuntimeError("no such thing")
        Thing("a")

    stack = make(program)
    stack.up()
    state["fail"] = True
    world.calls.clear()
    with pytest.raises(StackError, match="no such thing"):
        stack.up(refresh=True)
    assert world.only("read") == [("read", "a")]


def test_a_state_that_cannot_be_written_ends_the_program(make: Make, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Any) -> None:
        raise StackError("error: the disk is full")

    monkeypatch.setattr("stacks.engine.journal.Journal.start", full)
    with pytest.raises(StackError, match="the disk is full"):
        make(lambda: Thing("a") and None).up()
    assert world.calls == []
    assert ended_programs()


def test_ctrl_c_before_anything_was_begun_leaves_no_program_waiting(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for an answer is a thread that the process would wait for at its end."""
    begun, in_thread = [], program.in_thread

    def pressed(target: Callable[[], None]) -> Any:
        begun.append(in_thread(target))
        raise KeyboardInterrupt

    monkeypatch.setattr(program, "in_thread", pressed)
    with pytest.raises(KeyboardInterrupt):
        make(lambda: Thing("a") and None).up()
    assert begun[0].result(WAIT_S) is not None


def test_a_call_that_this_engine_does_not_have_is_named(make: Make) -> None:
    def calls() -> None:
        pulumi.runtime.call("mem:index:Thing/method", {})

    with pytest.raises(StackError, match="Call: the embedded engine has no such call; the program needs the Pulumi CLI"):
        make(calls).up()


def test_a_cancel_between_the_refresh_and_the_update_is_not_lost(make: Make, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = make(lambda: Thing("a") and None)
    read = refreshing.refresh

    async def cancelled(*arguments: Any, **options: Any) -> None:
        await read(*arguments, **options)
        stack.cancel()

    monkeypatch.setattr(refreshing, "refresh", cancelled)
    with pytest.raises(StackError, match="interrupted"):
        stack.up(refresh=True)
    assert world.calls == []
    monkeypatch.undo()
    assert counts(stack.up()) == {"create": 2}


class Late:
    """Reads of these names wait until `come()`; `heard` are the ids that the program was told before that."""

    def __init__(self, world: World, *names: str) -> None:
        self.names, self.heard = names, set[str]()
        self.told, self._come = threading.Event(), threading.Event()
        world.before = lambda call, name: self._wait() if call == "read" and name in self.names else None

    async def _wait(self) -> None:
        limit = time.monotonic() + WAIT_S
        while not self._come.is_set() and time.monotonic() < limit:
            await asyncio.sleep(0.001)

    def come(self) -> None:
        self._come.set()

    def hear(self, thing: Thing) -> None:
        thing.id.apply(self._told)

    def _told(self, id_: str) -> None:
        if not self._come.is_set():
            self.heard.add(id_)
        self.told.set()


def test_a_preview_tells_what_stays_as_it_is_before_all_is_read(make: Make, world: World) -> None:
    """And what changes only then: its diff may be asked for, no more."""
    late: Late | None = None

    def program() -> None:
        first = Thing("first")
        Thing("late")
        Thing("changes", size=1 if late is None else 2)
        if late is not None:
            Thing("new")
            first.id.apply(lambda _: Thing("second", after=first.arn))
            late.hear(first)
        else:
            Thing("second", after=first.arn)

    stack = make(program)
    stack.up()
    late = Late(world, "late")
    steps: list[str] = []

    def listen(event: Any) -> None:
        if event.res_outputs_event:
            steps.append(event.res_outputs_event.metadata.urn.split("::")[-1])
            if steps[-1] == "second":
                assert {"changes", "new", "late"}.isdisjoint(steps)
                assert late is not None
                late.come()

    assert counts(stack.preview(refresh=True, on_event=listen)) == {"same": 4, "update": 1, "create": 1}
    assert late.heard == {"id-1"}
    assert {"changes", "new", "late"} <= {*steps}


def test_an_update_tells_nothing_before_all_is_read(make: Make, world: World) -> None:
    late: Late | None = None

    def program() -> None:
        first = Thing("first")
        Thing("late")
        if late is not None:
            late.hear(first)

    stack = make(program)
    stack.up()
    late = Late(world, "late")
    threading.Timer(2 * FIRST_S, late.come).start()
    assert counts(stack.up(refresh=True)) == {"same": 3}
    assert late.told.is_set()
    assert late.heard == set()


def test_a_new_name_is_claimed_before_what_it_was_is_read(make: Make, world: World) -> None:
    """`b` was `a`, and `a` is a new one: whoever asks first has the record, as without a refresh."""
    state = {"renamed": False}

    def program() -> None:
        if state["renamed"]:
            Thing("b", pulumi.ResourceOptions(aliases=[pulumi.Alias(name="a")]))
        Thing("a")

    stack = make(program)
    stack.up()
    state["renamed"] = True
    late = Late(world, "a")
    threading.Timer(2 * FIRST_S, late.come).start()
    plan = {step.name: step.op for step in stack.preview(refresh=True).steps}
    assert (plan["b"], plan["a"]) == ("same", "create")


def test_a_new_name_of_what_is_gone_is_a_new_thing(make: Make, world: World) -> None:
    """Whose children take nothing over from what had it before, as in an update."""
    state = {"name": "a"}

    def program() -> None:
        parent = Thing(state["name"], pulumi.ResourceOptions(aliases=[pulumi.Alias(name="a")]))
        Thing(f"{state['name']}-0", pulumi.ResourceOptions(parent=parent))

    stack = make(program)
    stack.up()
    state["name"] = "b"
    del world.objects["id-1"]
    late = Late(world, "a")
    threading.Timer(2 * FIRST_S, late.come).start()
    expected = {"same": 1, "create": 2, "delete": 1}
    assert counts(stack.preview(refresh=True)) == expected
    assert counts(stack.up(refresh=True)) == expected


def test_what_is_gone_and_not_wanted_any_more_is_not_deleted(make: Make, world: World) -> None:
    state = {"wanted": True}

    def program() -> None:
        if state["wanted"]:
            Thing("late")

    stack = make(program)
    stack.up()
    state["wanted"] = False
    world.objects.clear()
    late = Late(world, "late")
    threading.Timer(2 * FIRST_S, late.come).start()
    assert counts(stack.preview(refresh=True)) == {"same": 1}


@pytest.mark.parametrize("slow", ["fails", "first"])
def test_a_preview_whose_refresh_fails_tells_of_that_and_asks_nothing(make: Make, world: World, slow: str) -> None:
    state = {"more": False}

    def program() -> None:
        Thing("first", size=2 if state["more"] else 1)
        Thing("fails")
        if state["more"]:
            Thing("new")
            Thing("other", pulumi.ResourceOptions(id="id-1"))

    stack = make(program)
    stack.up()
    state["more"] = True
    world.fail[("read", "fails")] = "the API is away"
    late = Late(world, slow)
    threading.Timer(2 * FIRST_S, late.come).start()
    world.calls.clear()
    with pytest.raises(StackError) as caught:
        stack.preview(refresh=True)
    assert caught.value.lines == ("error: mem:index:Thing (fails): read failed: the API is away",)
    assert sorted(world.calls) == [("read", "fails"), ("read", "first")]
    assert ended_programs()


@pytest.mark.parametrize("call", ["preview", "up"])
def test_a_fault_beside_a_refresh_that_fails_is_not_told(make: Make, world: World, call: str) -> None:
    """It may come of that."""

    def program() -> None:
        Thing("a")
        Thing("b")

    stack = make(program)
    stack.up()
    world.fail[("check", "a")] = "bad size"
    world.fail[("read", "b")] = "the API is away"
    late = Late(world, "b")
    threading.Timer(2 * FIRST_S, late.come).start()
    with pytest.raises(StackError) as caught:
        getattr(stack, call)(refresh=True)
    assert caught.value.lines == ("error: mem:index:Thing (b): read failed: the API is away",)


def test_of_several_names_the_one_that_is_there_is_taken(make: Make, world: World) -> None:
    """`x` was `a` or `c`; `a` is gone, and whoever is called `c` now comes after it."""
    state = {"merged": False}

    def program() -> None:
        if state["merged"]:
            Thing("x", pulumi.ResourceOptions(aliases=[pulumi.Alias(name="a"), pulumi.Alias(name="c")]))
        else:
            Thing("a")
        Thing("c")

    stack = make(program)
    world.ids_by_name = True
    stack.up()
    state["merged"] = True
    del world.objects["a-1"]
    late = Late(world, "a")
    threading.Timer(2 * FIRST_S, late.come).start()
    steps = {step.name: step.op for step in stack.preview(refresh=True).steps}
    late.come()
    assert {step.name: step.op for step in stack.up(refresh=True).steps} == steps
    assert steps["x"] != steps["c"]


class Lenient(Memory):
    """Finds no difference between two configurations, and notes with which it changes a thing."""

    async def diff_config(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        return sdk.DiffResponse(changes=False)

    async def update(self, request: sdk.UpdateRequest) -> sdk.UpdateResponse:
        self.world.calls.append(("update in", self.region))
        return await super().update(request)


@pytest.mark.parametrize("explicit", [True, False])
@pytest.mark.parametrize("refresh", [True, False])
def test_things_are_changed_with_the_providers_new_configuration(make: Make, world: World, explicit: bool, refresh: bool) -> None:
    """Also where the provider finds no difference, and a refresh has begun it with the old one."""
    state = {"region": "old", "size": 1}

    def program() -> None:
        options = pulumi.ResourceOptions(provider=MemProvider("own", region=state["region"])) if explicit else None
        Thing("a", options, size=state["size"])

    def run() -> None:
        config = {} if explicit else {"mem:region": state["region"]}
        make(program, providers={"mem": lambda: Lenient(world)}, config=config).up(refresh=refresh)

    run()
    state.update(region="new", size=2)
    run()
    assert world.only("update in") == [("update in", "new")]


class Away(Memory):
    """Whose log-in takes a moment, and fails."""

    async def configure(self, request: sdk.ConfigureRequest) -> sdk.ConfigureResponse:
        await asyncio.sleep(2 * FIRST_S)
        raise ConnectionRefusedError("the cloud is away")


@pytest.mark.parametrize("call", ["preview", "up"])
def test_a_log_in_that_fails_is_told_once(make: Make, world: World, call: str) -> None:
    def program() -> None:
        for name in "abc":
            Thing(name)

    make(program).up()
    heard: list[str] = []
    with pytest.raises(StackError) as caught:
        getattr(make(program, providers={"mem": lambda: Away(world)}), call)(refresh=True, on_error=heard.append)
    assert caught.value.lines == ("error: pulumi:providers:mem (default): the cloud is away",)
    assert len(heard) <= 1


def test_an_interrupted_preview_ends_while_it_reads(make: Make, world: World) -> None:
    def program() -> None:
        Thing("a")
        Thing("late")

    stack = make(program)
    stack.up()
    late = Late(world, "late")
    threading.Timer(FIRST_S, stack.cancel).start()
    threading.Timer(2 * FIRST_S, late.come).start()
    with pytest.raises(StackError, match="interrupted"):
        stack.preview(refresh=True)


def test_a_run_leaves_nothing_that_only_the_garbage_collector_could_free(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for what the SDK made: a process that looks again and again stays as large as it is."""
    registries = weakref.WeakSet[Registry]()
    init = Registry.__init__

    def made(self: Registry, sources: Any) -> None:
        init(self, sources)
        registries.add(self)

    monkeypatch.setattr(Registry, "__init__", made)
    stack = make(lambda: Thing("a") and None)
    gc.collect()
    gc.disable()
    try:
        stack.up()
        for _ in range(3):
            stack.preview(refresh=True)
        assert len(registries) == 0
    finally:
        gc.enable()
