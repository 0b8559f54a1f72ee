"""Changes of a state by hand: records taken out, renamed, unprotected; exports sealed as the CLI seals them; who ran what, and who holds the lock."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi import ResourceOptions
from pulumi.automation import Deployment

from stacks.engine import Stack, StackError, edit
from stacks.engine.journal import Lock
from tests.stacks.conftest import Make
from tests.stacks.memory import Group, Thing, World, counts, records


def program() -> None:
    a = Thing("a", word=pulumi.Output.secret("hunter2"))
    b = Thing("b", ResourceOptions(protect=True), after=a.arn, ref=a)
    Thing("c", ResourceOptions(depends_on=[b]))
    Group("g", 2)
    pulumi.export("word", a.word)  # type: ignore[attr-defined]


@pytest.fixture
def stack(make: Make) -> Stack:
    made = make(program)
    made.up()
    return made


def test_a_record_that_others_need_stays_unless_it_is_forced(stack: Stack, world: World) -> None:
    with pytest.raises(StackError, match=r"mem:index:Thing a is needed by mem:index:Thing b: take these out first, or force it"):
        edit.remove(stack, "a")
    with pytest.raises(StackError, match="mem:index:Thing b is protected"):
        edit.remove(stack, "b")
    assert len(records(stack)) == 8
    edit.remove(stack, "a", force=True)
    assert records(stack)["b"].get("propertyDependencies", {}) == {}
    assert world.objects  # nothing happens outside
    with pytest.raises(StackError, match=r"pulumi:providers:mem default is needed by .*: take these out first$"):
        edit.remove(stack, "default", force=True)
    edit.remove(stack, "c")
    assert "c" not in records(stack)


def test_a_renamed_record_keeps_its_place_and_its_references(stack: Stack) -> None:
    before = list(records(stack))
    old, new = (f"urn:pulumi:dev::p::mem:index:Thing::{name}" for name in ("a", "first"))
    edit.rename(stack, "a", "first")
    assert list(records(stack)) == [name if name != "a" else "first" for name in before]
    text = json.dumps(records(stack))
    assert old not in text
    b = records(stack)["b"]
    assert b["propertyDependencies"]["after"] == [new]
    assert b["inputs"]["ref"]["urn"] == new


def test_the_program_goes_on_under_the_new_name(make: Make, world: World) -> None:
    name = {"it": "a"}

    def renamed() -> None:
        Thing(name["it"], size=2)

    stack = make(renamed)
    stack.up()
    edit.rename(stack, "a", "b")
    name["it"] = "b"
    world.calls.clear()
    assert counts(stack.up()) == {"same": 2}
    assert world.calls == []


@pytest.mark.parametrize(
    ("text", "to", "words"),
    [
        ("nope", "x", "there is no resource nope"),
        ("a", "b", "there is a mem:index:Thing b in the state already"),
        ("a", "", "neither a name nor a URN"),
        ("a", "urn:pulumi:dev::p::mem:index:Other::a", "is not mem:index:Thing a by another name"),
        ("a", "urn:pulumi:other::p::mem:index:Thing::a", "is not mem:index:Thing a by another name"),
    ],
)
def test_a_new_name_that_cannot_be_is_refused(stack: Stack, text: str, to: str, words: str) -> None:
    before = stack.digest()
    with pytest.raises(StackError, match=words):
        edit.rename(stack, text, to)
    assert stack.digest() == before


def test_a_name_that_several_have_is_told_apart_by_its_type(make: Make) -> None:
    def both() -> None:
        Group("x", 0)
        Thing("x")

    stack = make(both)
    stack.up()
    with pytest.raises(StackError, match="x is the name of 2 resources: say which: mem:index:Group::x, mem:index:Thing::x"):
        edit.find(stack.snapshot(), "x")
    assert edit.find(stack.snapshot(), "Thing::x").type == "mem:index:Thing"
    assert edit.find(stack.snapshot(), "mem:index:Group::x").type == "mem:index:Group"


def test_unprotected_ones_can_be_destroyed(stack: Stack) -> None:
    assert [state.name for state in edit.unprotect(stack, ["b", "c"])] == ["b"]
    stack.destroy()
    assert records(stack) == {}
    assert edit.unprotect(stack, []) == []


def test_a_sealed_export_is_imported_with_its_passphrase_alone(stack: Stack, make: Make, tmp_path: Path) -> None:
    exported = stack.export_stack(show_secrets=False)
    text = json.dumps(exported.deployment)
    assert "hunter2" not in text
    assert "ciphertext" in text
    assert (exported.deployment or {})["secrets_providers"]["type"] == "passphrase"
    there = make(program, state=tmp_path / "there")
    there.import_stack(Deployment(3, json.loads(text)))
    assert there.outputs()["word"].value == "hunter2"
    assert counts(there.up()) == {"same": 7}
    with pytest.raises(StackError, match="incorrect passphrase"):
        make(program, state=tmp_path / "elsewhere", passphrase="wrong").import_stack(Deployment(3, json.loads(text)))


def test_half_a_deployment_is_refused(stack: Stack) -> None:
    deployment = dict(stack.export_stack().deployment or {})
    deployment["resources"] = [record for record in deployment["resources"] if not record["urn"].endswith("Thing::a")]
    before = stack.digest()
    with pytest.raises(StackError, match=r"not a whole deployment: .*Thing::a is needed and not in it"):
        stack.import_stack(Deployment(3, deployment))
    assert stack.digest() == before


def test_the_history_says_who(stack: Stack) -> None:
    edit.remove(stack, "c")
    found = stack.history()
    assert [(item.kind, item.message) for item in found] == [("state rm", "c"), ("update", "")]
    assert all((item.environment or {})["user"] for item in found)


def test_a_history_of_an_older_version_is_read(stack: Stack) -> None:
    with sqlite3.connect(stack.file) as database:
        database.execute("alter table history drop column who")
    assert [(item.environment or {})["user"] for item in stack.history()] == [""]
    edit.remove(stack, "c")
    assert (stack.history()[0].environment or {})["user"]


def test_whoever_holds_the_lock_is_named(stack: Stack) -> None:
    assert stack.holder() is None
    lock = Lock(stack.file.with_suffix(".lock"), "p/dev")
    holder = stack.holder()
    assert holder is not None
    assert (holder.process, holder.host) == (os.getpid(), os.uname().nodename)
    with pytest.raises(StackError, match=rf"currently locked by 1 lock\(s\): process {os.getpid()} of "):
        edit.remove(stack, "c")
    lock.release()
    assert stack.holder() is None


def test_pending_operations_follow_a_renamed_resource(stack: Stack) -> None:
    deployment: dict[str, Any] = dict(stack.export_stack().deployment or {})
    deployment["pending_operations"] = [{"type": "updating", "resource": next(record for record in deployment["resources"] if record["urn"].endswith("::c"))}]
    stack.import_stack(Deployment(3, deployment))
    edit.rename(stack, "c", "last")
    assert [item.resource.name for item in stack.snapshot().pending] == ["last"]
