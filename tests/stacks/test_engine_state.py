"""The state on disk: the journal under SIGKILL, the lock, Pulumi's JSON out and in."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.automation import ConcurrentUpdateError, Deployment
from pulumi.provider.experimental import provider as sdk
from pulumi.provider.experimental.property_value import PropertyValue

from stacks.engine import Stack, StackError
from stacks.engine.state import State, ordered
from tests.stacks.conftest import Make
from tests.stacks.memory import Memory, Thing, World, bare, counts, records


class OnDisk(Memory):
    """Objects as files, so that they outlive the process; `kill` ends the process before or after a call's effect."""

    def __init__(self, folder: Path, kill: tuple[str, str, str] | None = None) -> None:
        super().__init__(World())
        self.folder, self.kill = folder, kill

    def _point(self, when: str, call: str, name: str) -> None:
        if self.kill == (when, call, name):
            os.kill(os.getpid(), signal.SIGKILL)

    async def create(self, request: sdk.CreateRequest) -> sdk.CreateResponse:
        self._point("before", "create", request.name)
        number = len(list(self.folder.iterdir()))
        id_ = f"{request.name}-{number}"
        (self.folder / id_).write_text("x")
        self._point("after", "create", request.name)
        return sdk.CreateResponse(id_, {**request.properties, "arn": PropertyValue(id_), "rev": PropertyValue(1.0)})

    async def update(self, request: sdk.UpdateRequest) -> sdk.UpdateResponse:
        self._point("before", "update", request.name)
        (self.folder / request.resource_id).write_text(f"size {bare(request.news['size']):g}")
        self._point("after", "update", request.name)
        return sdk.UpdateResponse({**request.news, "arn": PropertyValue(request.resource_id), "rev": PropertyValue(2.0)})

    async def delete(self, request: sdk.DeleteRequest) -> None:
        self._point("before", "delete", request.name)
        (self.folder / request.resource_id).unlink(missing_ok=True)
        self._point("after", "delete", request.name)


def killed(tmp_path: Path, operation: str, state: dict[str, Any], kill: tuple[str, str, str]) -> None:
    """Run an operation in a process of its own that kills itself at a point."""

    def work() -> None:
        getattr(on_disk(tmp_path, state, kill), operation)()

    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


def on_disk(tmp_path: Path, state: dict[str, Any], kill: tuple[str, str, str] | None = None) -> Stack:
    (tmp_path / "objects").mkdir(exist_ok=True)

    def program() -> None:
        a = Thing("a", size=1)
        b = Thing("b", size=state["size"], kind=state.get("kind", "k"), after=a.id)
        Thing("c", after=b.arn)

    return Stack("p", "dev", program, tmp_path / "state", {"mem": lambda: OnDisk(tmp_path / "objects", kill)}, passphrase="x")


def pending(stack: Stack) -> list[tuple[str, str]]:
    items = (stack.export_stack().deployment or {}).get("pending_operations", [])
    return [(item["type"], item["resource"]["urn"].split("::")[-1]) for item in items]


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_in_a_create(tmp_path: Path, when: str) -> None:
    state = {"size": 1}
    killed(tmp_path, "up", state, (when, "create", "b"))
    stack = on_disk(tmp_path, state)
    assert pending(stack) == [("creating", "b")]
    assert set(records(stack)) == {"stack", "default", "a"}
    result = stack.up()  # no lock is left
    assert counts(result) == {"same": 2, "create": 2}
    assert "was interrupted" in result.stdout
    assert pending(stack) == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_in_an_update(tmp_path: Path, when: str) -> None:
    state = {"size": 1}
    on_disk(tmp_path, state).up()
    state["size"] = 2
    killed(tmp_path, "up", state, (when, "update", "b"))
    stack = on_disk(tmp_path, state)
    assert pending(stack) == [("updating", "b")]
    assert counts(stack.up()) == {"same": 3, "update": 1}
    assert pending(stack) == []
    assert (tmp_path / "objects" / "b-1").read_text() == "size 2"


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_in_a_delete(tmp_path: Path, when: str) -> None:
    state = {"size": 1}
    on_disk(tmp_path, state).up()
    killed(tmp_path, "destroy", state, (when, "delete", "b"))
    stack = on_disk(tmp_path, state)
    assert pending(stack) == [("deleting", "b")]
    assert set(records(stack)) == {"stack", "default", "a", "b"}
    stack.destroy()
    assert records(stack) == {}
    assert pending(stack) == []
    assert list((tmp_path / "objects").iterdir()) == []


def test_killed_in_a_replacement(tmp_path: Path) -> None:
    state: dict[str, Any] = {"size": 1, "kind": "k"}
    on_disk(tmp_path, state).up()
    state["kind"] = "other"
    killed(tmp_path, "up", state, ("before", "delete", "b"))
    stack = on_disk(tmp_path, state)
    assert pending(stack) == [("deleting", "b")]
    assert records(stack)["b!"]["id"] == "b-1"
    assert counts(stack.up()) == {"same": 4}
    assert "b!" not in records(stack)
    assert not (tmp_path / "objects" / "b-1").exists()


def test_the_second_of_two_runs_is_refused_at_once(make: Make, world: World) -> None:
    refused: list[BaseException] = []
    stack = make(lambda: Thing("a") and None)

    def second(call: str, name: str) -> None:
        with pytest.raises(ConcurrentUpdateError, match=r"currently locked by 1 lock\(s\)") as caught:
            make(lambda: None).up()
        refused.append(caught.value)

    world.before = second
    stack.up()
    assert len(refused) == 1
    world.before = lambda call, name: None
    assert counts(stack.up()) == {"same": 2}


def test_export_and_import_move_a_stack(make: Make, world: World, tmp_path: Path) -> None:
    def program() -> None:
        a = Thing("a", word=pulumi.Output.secret("hunter2"))
        pulumi.export("word", a.word)  # type: ignore[attr-defined]

    stack = make(program)
    stack.up()
    exported = stack.export_stack()
    assert exported.version == 3
    text = json.dumps(exported.deployment)
    there = make(program, state=tmp_path / "elsewhere", passphrase="another")
    there.import_stack(Deployment(3, json.loads(text)))
    assert there.outputs()["word"].value == "hunter2"
    assert counts(there.up()) == {"same": 2}
    assert records(there) == records(stack)
    with pytest.raises(StackError, match="version 2"):
        there.import_stack(Deployment(2, {}))
    with pytest.raises(StackError, match="belongs to another stack"):
        make(program, name="other").import_stack(exported)


def test_a_state_that_the_cli_wrote_is_read(make: Make) -> None:
    """Sealed secrets open with the exporting stack's salt and passphrase; fields that are not ours to keep do no harm."""
    stack = make(lambda: Thing("a", word=pulumi.Output.secret("w")) and None)
    stack.up()
    deployment = dict(stack.export_stack().deployment or {})
    crypter = stack._journal().crypter
    sealed = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", **crypter.seal('"w"')}
    thing = next(record for record in deployment["resources"] if record["urn"].endswith("::a"))
    thing["inputs"]["word"] = sealed
    thing["sourcePosition"] = "project:///__main__.py#1"
    stack.import_stack(Deployment(3, {**deployment, "metadata": {}}))
    assert records(stack)["a"]["inputs"]["word"]["plaintext"] == '"w"'
    assert counts(stack.up()) == {"same": 2}


def test_history_and_info(make: Make) -> None:
    stack = make(lambda: Thing("a") and None)
    assert stack.info() is None
    stack.up(message="first")
    stack.preview()
    stack.destroy()
    assert [(item.version, item.kind, item.result, item.message) for item in stack.history()] == [
        (2, "destroy", "succeeded", ""),
        (1, "update", "succeeded", "first"),
    ]
    assert stack.history(page_size=1, page=2)[0].resource_changes == {"create": 2}
    info = stack.info()
    assert info is not None
    assert info.end_time is not None
    assert info.end_time >= info.start_time


def test_a_file_that_is_no_state_is_named(make: Make) -> None:
    stack = make(lambda: None)
    stack.file.parent.mkdir(parents=True)
    stack.file.write_bytes(b"this is no database, and long enough to be looked at as one by whoever reads it" * 20)
    with pytest.raises(StackError, match="is not a stack's state file"):
        stack.up()


def test_destroy_with_remove_takes_the_file_along(make: Make) -> None:
    stack = make(lambda: Thing("a") and None)
    stack.up()
    stack.destroy(remove=True)
    assert not stack.file.exists()


def test_records_are_ordered_by_need_whatever_their_age() -> None:
    def urn(name: str) -> str:
        return f"urn:pulumi:s::p::t::{name}"

    states = [State(urn("c"), "t", dependencies=[urn("b")]), State(urn("a"), "t"), State(urn("b"), "t", parent=urn("a"))]
    assert [state.name for state in ordered(states)] == ["a", "b", "c"]
    chain = [State(urn(str(n)), "t", dependencies=[urn(str(n + 1))]) for n in range(3000)]
    assert [state.name for state in ordered(chain)][:2] == ["2999", "2998"]


def test_halves_of_replacements_that_need_each_other_in_a_circle_are_deleted(make: Make, world: World) -> None:
    """An old half of x needs y, and y needs the new x: left behind when a deletion failed after the program had turned them round."""

    def program() -> None:
        x = Thing("x")
        Thing("y", after=x.arn)

    stack = make(program)
    stack.up()
    deployment = dict(stack.export_stack().deployment or {})
    x = next(record for record in deployment["resources"] if record["urn"].endswith("::x"))
    y = next(record for record in deployment["resources"] if record["urn"].endswith("::y"))
    deployment["resources"].append({**x, "id": "old", "delete": True, "dependencies": [y["urn"]]})
    stack.import_stack(Deployment(3, deployment))
    assert counts(stack.destroy()) == {"delete": 3}
    assert records(stack) == {}


def test_hooks_have_the_clis_names_and_those_of_earlier_versions_are_read() -> None:
    for kind in ("BeforeDelete", "before_delete"):
        state = State.from_json({"urn": "u", "type": "t", "resourceHooks": {kind: ["tell"]}}, lambda sealed: "")
        assert state.hooks == {"before_delete": ["tell"]}
        assert state.to_json(lambda text: {})["resourceHooks"] == {"BeforeDelete": ["tell"]}
