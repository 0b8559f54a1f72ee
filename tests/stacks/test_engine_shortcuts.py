"""What the SDK does in vain at each registration is left out for this engine, and for no other."""

from __future__ import annotations

import asyncio
import gc
import time
from typing import Any

import pulumi
import pytest
from pulumi.runtime import resource, rpc, settings, stack
from pulumi.runtime.proto.source_pb2 import StackTrace

from stacks.engine import StackError, shortcuts
from tests.stacks.conftest import Make
from tests.stacks.memory import Group, Thing


def test_no_stack_trace_is_taken_for_this_engine_and_one_is_for_the_cli(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[object] = []

    def trace() -> StackTrace:
        taken.append(settings.get_monitor())
        return StackTrace()

    monkeypatch.setattr(shortcuts, "_trace", trace)
    make(lambda: Thing("a") and None).up()
    assert taken == []
    resource._get_stack_trace()
    assert taken == [settings.get_monitor()]


def test_messages_for_debugging_go_to_the_cli_only(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[Any, ...]] = []
    monkeypatch.setattr(shortcuts, "_debug", lambda *message, **options: sent.append((*message, options)))
    lines: list[str] = []

    def program() -> None:
        pulumi.log.debug("a secret of the trade")
        pulumi.log.info("for everybody")

    make(program).up(on_output=lines.append)
    assert sent == []
    assert [line for line in lines if "for everybody" in line]
    assert not [line for line in lines if "trade" in line]
    pulumi.log.debug("there", ephemeral=True)
    assert sent == [("there", {"ephemeral": True})]


PARENT = "urn:pulumi:dev::p::a:b:C$d:e:F::name"


def test_a_urn_is_made_as_the_sdk_makes_it(make: Make) -> None:
    """Also where something is not known at once, which is left to the SDK."""
    made: list[Any] = []

    def program() -> None:
        for arguments in (("n", "t:u:V", PARENT), ("n", "t:u:V"), ("n", "t:u:V", None, "other", "prod"), (pulumi.Output.from_input("n"), "t:u:V", PARENT)):
            both = pulumi.Output.all(resource.create_urn(*arguments), shortcuts._urn(*arguments))
            made.append(both.apply(lambda urns: seen.append(tuple(urns))))
        Group("g", 1)

    seen: list[tuple[str, str]] = []
    make(program).up()
    assert len(seen) == 4
    assert {ours for ours, _ in seen} == {"urn:pulumi:dev::p::a:b:C$d:e:F$t:u:V::n", "urn:pulumi:dev::p::t:u:V::n", "urn:pulumi:prod::other::t:u:V::n"}
    assert all(ours == theirs for ours, theirs in seen)


def test_where_the_cli_runs_the_program_the_sdk_makes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, ...]] = []
    res: Any = object()
    for name in ("_urn", "_transfer"):
        monkeypatch.setattr(shortcuts, name, lambda *arguments: asked.append(arguments))
    resource.create_urn("n", "t:u:V", PARENT)
    rpc.transfer_properties(res, {"a": 1}, True)
    assert asked == [("n", "t:u:V", PARENT, None, None), (res, {"a": 1}, True)]


@pytest.mark.parametrize("custom", [True, False])
def test_a_property_is_what_the_sdk_makes_of_it(make: Make, custom: bool) -> None:
    """Value, known, secret and dependencies; nothing for the URN and a custom resource's id; an error is an error."""
    names = ["urn", "id", "a", "b", "c"]
    found: list[Any] = []

    async def program() -> None:
        other = Thing("other")
        for transfer in (shortcuts._transfer, shortcuts.transfer_properties):
            res = Thing(transfer.__module__)
            before = dict(res.__dict__)
            resolve = transfer(res, dict.fromkeys(names), custom)
            made = {name: output for name, output in res.__dict__.items() if output is not before.get(name)}
            assert list(made) == list(resolve)
            resolve["a"]({"k": [1]}, True, True, {other}, None)
            resolve["b"]("x", False, False, None, None)
            resolve["c"](None, True, False, None, ValueError("c"))
            with pytest.raises(ValueError, match="c"):
                await made["c"]._data
            told = [await made[name]._data for name in ("a", "b")]
            found.append((list(made), [(one.value, one.is_known, one.is_secret, one.resources - {res}, res in one.resources) for one in told]))
            if "id" in made:
                resolve["id"]("i", True, False, None, None)

    with pytest.raises(pulumi.automation.CommandError, match="ValueError: c"):  # what the SDK waits for at the program's end
        make(program).up()
    theirs, ours = found
    assert ours == theirs
    assert ours[0] == (["a", "b", "c"] if custom else ["id", "a", "b", "c"])


UNKNOWN: Any = pulumi.output.Unknown()  # type: ignore[no-untyped-call]
VALUES = ["text", "", 1, 2.5, True, None, [], {}, [1, ["a"]], {"a": {"b": 1}}, UNKNOWN, [1, UNKNOWN], {"a": [UNKNOWN]}]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_unknowns_are_seen_as_the_sdk_sees_them(value: object) -> None:
    assert rpc.contains_unknowns is shortcuts.contains_unknowns
    assert pulumi.contains_unknowns(value) is shortcuts._unknowns(value)


def test_looking_for_unknowns_leaves_nothing_to_the_garbage_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        for number in range(100):
            pulumi.contains_unknowns(f"text {number}")
        assert gc.collect() == 0
        shortcuts._unknowns("text")
        assert gc.collect() > 0, "the SDK does no better now: this one can go"
    finally:
        gc.enable()


@pytest.mark.parametrize("ours", [True, False])
def test_the_end_of_a_program_is_not_looked_for_at_each_output(monkeypatch: pytest.MonkeyPatch, ours: bool) -> None:
    """Which the SDK does, with a look at all of them each time."""
    monkeypatch.setattr(shortcuts, "_ours", lambda: ours)
    number = 2_000

    async def looks() -> int:
        loop, count = asyncio.get_running_loop(), 0
        outputs = {loop.create_future() for _ in range(number)}
        waiting = [*outputs]

        async def come() -> None:
            while waiting:
                waiting.pop().set_result(None)
                await asyncio.sleep(0)

        coming = asyncio.create_task(come())
        while outputs:
            done, outputs = await shortcuts._Asyncio.wait(outputs, return_when=asyncio.FIRST_COMPLETED)
            assert done
            assert all(output.done() for output in done)
            count += 1
        await coming
        return count

    assert (asyncio.run(looks()) < number / 8) is ours
    assert isinstance(vars(stack)["asyncio"], shortcuts._Asyncio)


def test_what_fails_at_a_programs_end_is_raised_while_others_wait(make: Make) -> None:
    def program() -> None:
        async def never() -> str:
            await asyncio.sleep(60)
            return ""

        def fails(arn: str) -> str:
            raise LookupError(f"no {arn}")

        waits: Any = never()
        pulumi.Output.from_input(waits)
        Thing("a").arn.apply(fails)

    begun = time.monotonic()
    with pytest.raises(StackError, match="no arn:a"):
        make(program).up()
    assert time.monotonic() - begun < 30
