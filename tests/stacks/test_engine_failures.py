"""What fails, and what is left of it."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any, cast

import pulumi
import pytest
from pulumi.automation import CommandError

from stacks.engine import ConcurrentUpdateError, StackError
from stacks.engine.deployment import Deployment
from stacks.engine.errors import Stopped
from stacks.engine.journal import Journal
from stacks.engine.state import State
from tests.stacks.conftest import Make
from tests.stacks.memory import Thing, World, counts, records

WAIT_S = 30


def three(state: dict[str, Any]) -> Any:
    def program() -> None:
        a = Thing("a", size=state.get("a", 1))
        b = Thing("b", after=a.arn, size=state.get("b", 1))
        Thing("c", after=b.arn, size=state.get("c", 1))
        pulumi.export("arn", b.arn)

    return program


def pending(stack: Any) -> list[Any]:
    return list(stack.export_stack().deployment.get("pending_operations", []))


def test_a_failed_create(make: Make, world: World) -> None:
    world.fail["create", "b"] = "no room"
    stack = make(three({}))
    with pytest.raises(CommandError, match=r"mem:index:Thing \(b\): create failed: no room") as caught:
        stack.up()
    assert isinstance(caught.value, StackError)
    assert set(records(stack)) == {"stack", "default", "a"}
    assert pending(stack) == []
    assert stack.outputs() == {}
    assert stack.history()[0].result == "failed"
    world.fail.clear()
    assert counts(stack.up()) == {"same": 2, "create": 2}


def test_made_but_not_ready(make: Make, world: World) -> None:
    world.half["create", "b"] = "its disk is missing"
    stack = make(three({}))
    with pytest.raises(StackError, match="its disk is missing"):
        stack.up()
    record = records(stack)["b"]
    assert record["initErrors"] == ["its disk is missing"]
    assert record["id"] == "id-2"
    assert pending(stack) == []
    world.half.clear()
    assert counts(stack.up()) == {"same": 2, "update": 1, "create": 1}
    assert "initErrors" not in records(stack)["b"]
    assert len(world.objects) == 3


def test_a_failed_update(make: Make, world: World) -> None:
    state = {"b": 1, "c": 1}
    stack = make(three(state))
    stack.up()
    state.update({"b": 2, "c": 2})
    world.fail["update", "b"] = "no"
    with pytest.raises(StackError, match="update failed: no"):
        stack.up()
    assert records(stack)["b"]["inputs"]["size"] == 1
    assert records(stack)["c"]["inputs"]["size"] == 1
    assert stack.outputs()["arn"].value == "arn:b"
    world.fail.clear()
    assert counts(stack.up()) == {"same": 2, "update": 2}


def test_a_failed_delete(make: Make, world: World) -> None:
    stack = make(three({}))
    stack.up()
    world.fail["delete", "b"] = "in use"
    with pytest.raises(StackError, match="delete failed: in use"):
        stack.destroy()
    assert set(records(stack)) == {"stack", "default", "a", "b"}
    world.fail.clear()
    assert counts(stack.destroy()) == {"delete": 3}
    assert records(stack) == {}


def test_going_on_after_an_error(make: Make, world: World) -> None:
    def program() -> None:
        Thing("a")
        b = Thing("b")
        Thing("c", after=b.arn)
        d = Thing("d")
        Thing("e", after=d.arn)

    world.fail["create", "b"] = "no"
    stack = make(program)
    with pytest.raises(StackError, match=r"\(b\): create failed"):
        stack.up(continue_on_error=True)
    assert set(records(stack)) == {"stack", "default", "a", "d", "e"}
    world.fail = {("delete", "e"): "no"}
    with pytest.raises(StackError, match=r"\(e\): delete failed"):
        stack.destroy(continue_on_error=True)
    assert set(records(stack)) == {"stack", "default", "d", "e"}


@pytest.mark.parametrize("preview", [True, False])
def test_a_failed_check_names_property_and_reason(make: Make, world: World, preview: bool) -> None:
    world.fail["check", "b"] = "is too big"

    def program() -> None:
        Thing("a")
        b = Thing("b")
        Thing("c", after=b.arn)
        Thing("d")

    stack = make(program)
    with pytest.raises(StackError, match="property size value: is too big"):
        (stack.preview if preview else stack.up)()
    if not preview:
        assert set(records(stack)) == {"stack", "default", "a", "d"}


@pytest.mark.parametrize("call", ["update", "check"])
def test_no_deletes_after_a_failure(make: Make, world: World, call: str) -> None:
    state = {"there": True}

    def program() -> None:
        Thing("a", size=1 if state["there"] else 2)
        if state["there"]:
            Thing("b")

    stack = make(program)
    stack.up()
    state["there"] = False
    world.fail[call, "a"] = "no"
    with pytest.raises(StackError):
        stack.up()
    assert "b" in records(stack)


def test_expecting_no_changes(make: Make) -> None:
    stack = make(three({}))
    with pytest.raises(StackError, match="no changes were expected"):
        stack.preview(expect_no_changes=True)
    stack.up()
    assert counts(stack.up(expect_no_changes=True)) == {"same": 4}


def test_interrupted_by_cancel_nothing_is_lost(make: Make, world: World) -> None:
    stack = make(three({}))

    def cancel(call: str, name: str) -> None:
        if name == "b":
            stack.cancel()

    world.before = cancel
    with pytest.raises(StackError, match="interrupted"):
        stack.up()
    assert {"a", "b"} <= set(records(stack))
    assert pending(stack) == []
    assert len(world.objects) == 2
    world.before = lambda call, name: None
    assert counts(stack.up()) == {"same": 3, "create": 1}


@pytest.fixture
def _pressable() -> Iterator[None]:
    """A shell starts background jobs with SIGINT ignored."""
    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, inherited)


@pytest.mark.usefixtures("_pressable")
def test_a_second_ctrl_c_does_not_wait_and_what_still_goes_on_keeps_the_stack(make: Make, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = make(lambda: Thing("a") and None)
    seen, over = threading.Event(), threading.Event()
    main = threading.main_thread().ident or 0
    cancel = stack.cancel

    def cancelled() -> None:
        cancel()
        seen.set()

    def press_twice(call: str, name: str) -> None:
        signal.pthread_kill(main, signal.SIGINT)
        assert seen.wait(WAIT_S)
        signal.pthread_kill(main, signal.SIGINT)
        over.wait(WAIT_S)

    monkeypatch.setattr(stack, "cancel", cancelled)
    world.before = press_twice
    with pytest.raises(KeyboardInterrupt):
        stack.up()
    (engine,) = [thread for thread in threading.enumerate() if thread.name == "engine"]
    assert [run.result for run in stack.history()] == ["failed"]
    with pytest.raises(ConcurrentUpdateError):
        stack.up()
    over.set()
    engine.join(WAIT_S)
    assert "a" in records(stack)


def test_a_state_that_the_writer_cannot_open_ends_the_run_before_it_did_anything(make: Make, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = make(three({}))
    connect = Journal._connect

    def gone(self: Journal) -> sqlite3.Connection:
        if threading.current_thread().name == "journal":
            raise sqlite3.OperationalError("unable to open database file")
        return connect(self)

    monkeypatch.setattr(Journal, "_connect", gone)
    with pytest.raises(StackError, match=r"dev\.sqlite cannot be written: unable to open database file"):
        stack.up()
    assert world.calls == []


def test_a_deletion_that_cannot_be_recorded_is_not_done_and_is_no_fault_of_the_program(make: Make, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = make(three({}))
    stack.up()
    begin = Journal.begin

    def full(self: Journal, kind: str, state: State) -> Any:
        if kind == "deleting":
            raise StackError("error: the disk is full")
        return begin(self, kind, state)

    monkeypatch.setattr(Journal, "begin", full)
    world.calls.clear()
    for undone in (lambda: stack.up(program=lambda: None), stack.destroy):
        with pytest.raises(StackError) as caught:
            undone()
        assert caught.value.lines == ("error: the disk is full",)
    assert world.calls == []
    assert set(records(stack)) == {"stack", "a", "b", "c", "default"}


def test_an_empty_program_deletes_all_but_the_stack(make: Make, world: World) -> None:
    state = {"program": three({})}
    stack = make(lambda: state["program"]())
    stack.up()
    state["program"] = lambda: None
    assert counts(stack.up()) == {"same": 1, "delete": 3}
    assert list(records(stack)) == ["stack"]
    assert "outputs" not in records(stack)["stack"]
    assert counts(stack.destroy()) == {"delete": 1}
    assert records(stack) == {}


def test_a_read_that_is_not_begun_any_more_is_no_error_of_its_own() -> None:
    deployment = object.__new__(Deployment)
    deployment.stopping, deployment._slots = True, nullcontext()
    with pytest.raises(Stopped):
        asyncio.run(deployment._read(cast(Any, None), "read", State("urn:a", "mem:index:Thing", True, "id-1")))
