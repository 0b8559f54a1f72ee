"""A program that is begun while what exists is still being read: nothing that it asks is answered before that has ended well."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, cast

import pulumi
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2

from stacks.engine import StackError, program
from stacks.engine.journal import Journal
from stacks.engine.monitor import Early, Engine
from tests.stacks.conftest import Make
from tests.stacks.memory import Thing, World, counts

WAIT_S = 30


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
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("program")]


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
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("program")]


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


def test_what_a_program_says_first_is_heard_before_it_is_answered() -> None:
    early, heard = Early("p", "dev", False), []

    class Listening(Engine):
        def __init__(self) -> None:
            pass

        def Log(self, request: engine_pb2.LogRequest) -> empty_pb2.Empty:  # noqa: N802
            heard.append((request.message, early._real.done()))
            return empty_pb2.Empty()

    early.Log(engine_pb2.LogRequest(severity=engine_pb2.INFO, message="first"))
    early.open(cast(Any, None), Listening())
    early.Log(engine_pb2.LogRequest(severity=engine_pb2.INFO, message="second"))
    assert heard == [("first", False), ("second", True)]


def test_a_call_that_this_engine_does_not_have_is_named(make: Make) -> None:
    def calls() -> None:
        pulumi.runtime.call("mem:index:Thing/method", {})

    with pytest.raises(StackError, match="Call: the embedded engine has no such call; the program needs the Pulumi CLI"):
        make(calls).up()


def test_a_cancel_between_the_refresh_and_the_update_is_not_lost(make: Make, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = make(lambda: Thing("a") and None)
    close = Journal.close

    def cancelled(self: Journal) -> None:
        close(self)
        stack.cancel()

    monkeypatch.setattr(Journal, "close", cancelled)
    with pytest.raises(StackError, match="interrupted"):
        stack.up(refresh=True)
    assert world.calls == []
    monkeypatch.undo()
    assert counts(stack.up()) == {"create": 2}
