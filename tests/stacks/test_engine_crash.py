"""A crash at every point of an update: nothing is made twice, nothing is lost, and the next run ends where the update would have.

One update is carried out, and at each point of it the state's file and the world are kept as a crash would leave them: after each write of the journal,
and after each effect of the provider whose answer the journal has not yet. From each of these the next run starts. The program registers its resources as
the SDK does, by the monitor's messages, without the SDK's own work, which would take most of the time. Real SIGKILLs are in test_engine_state.py.
"""

from __future__ import annotations

import itertools
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import empty_pb2
from pulumi.provider.experimental import provider as sdk
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime.proto import resource_pb2

from stacks.engine import Stack
from stacks.engine.journal import Journal
from stacks.engine.values import to_struct
from tests.stacks.memory import bare

TYPE = "mem:index:Thing"
Point = tuple[str, bytes, dict[str, Any]]  # (what had just happened, the state's file, the world)


@dataclass(frozen=True)
class Row:
    """A resource of the program. A change of `kind` replaces it, before its successor is made where `first`."""

    name: str
    size: int = 1
    kind: str = "k"
    first: bool = False
    after: str = ""


@dataclass
class World:
    """What exists: by id (name, size, kind, marker)."""

    objects: dict[str, tuple[str, int, str, str]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)
    noticed: Callable[[str], None] = lambda what: None
    effects: int = 0

    def done(self, what: str) -> None:
        self.effects += 1
        self.noticed(what)


class Marking(sdk.Provider):
    """Objects carry a marker that follows from who they are; a create adopts one with its marker that no record knows, as the real provider does."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.owned: set[str] = set()

    async def check_config(self, request: sdk.CheckRequest) -> sdk.CheckResponse:
        return sdk.CheckResponse(request.new_inputs)

    async def diff_config(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        return sdk.DiffResponse()

    async def configure(self, request: sdk.ConfigureRequest) -> sdk.ConfigureResponse:
        return sdk.ConfigureResponse(accept_secrets=True, supports_preview=True, accept_resources=True, accept_outputs=True)

    async def check(self, request: sdk.CheckRequest) -> sdk.CheckResponse:
        return sdk.CheckResponse(request.new_inputs)

    async def diff(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        self.owned.add(request.resource_id)
        changed = [key for key in ("size", "kind") if bare(request.old_state.get(key)) != bare(request.new_inputs.get(key))]
        return sdk.DiffResponse(bool(changed), [key for key in changed if key == "kind"], [], bool(bare(request.new_inputs["first"])), changed)

    async def create(self, request: sdk.CreateRequest) -> sdk.CreateResponse:
        name, size, kind = request.name, int(bare(request.properties["size"])), bare(request.properties["kind"])
        marker = f"{request.urn} {kind}"
        left = next((id_ for id_, item in self.world.objects.items() if item[3] == marker and id_ not in self.owned), None)
        id_ = left or f"{name}-{next(self.world.numbers)}"
        self.owned.add(id_)
        self.world.objects[id_] = (name, size, kind, marker)
        self.world.done(f"create {name}")
        return sdk.CreateResponse(id_, {**request.properties, "it": PropertyValue(id_)})

    async def update(self, request: sdk.UpdateRequest) -> sdk.UpdateResponse:
        name, _, kind, marker = self.world.objects[request.resource_id]
        self.world.objects[request.resource_id] = (name, int(bare(request.news["size"])), kind, marker)
        self.world.done(f"update {name}")
        return sdk.UpdateResponse({**request.news, "it": PropertyValue(request.resource_id)})

    async def delete(self, request: sdk.DeleteRequest) -> None:
        if self.world.objects.pop(request.resource_id, None) is not None:
            self.world.done(f"delete {request.resource_id}")


def registered(function: Any, project: str, stack: str, config: Any, secret_keys: Any, stub: Any, preview: bool) -> None:
    """In the place of the SDK: the program's rows as its messages."""
    root = stub.RegisterResource(resource_pb2.RegisterResourceRequest(type="pulumi:pulumi:Stack", name=f"{project}-{stack}")).urn
    urns: dict[str, str] = {}
    for row in function():
        inputs = {"size": float(row.size), "kind": row.kind, "first": row.first}
        needs = [urns[row.after]] if row.after else []
        request = resource_pb2.RegisterResourceRequest(
            type=TYPE, name=row.name, custom=True, parent=root, object=to_struct(inputs), dependencies=needs, acceptSecrets=True, acceptResources=True
        )
        urns[row.name] = stub.RegisterResource(request).urn
    stub.SignalAndWaitForShutdown(empty_pb2.Empty())


def programs(number: int) -> tuple[list[Row], list[Row]]:
    """(before, after): a fifth each stays, is updated, is replaced, is replaced the other way round, is removed or new; each second needs the one before it."""
    before, after = [], []
    for n in range(number):
        name, need = f"r{n}", f"r{n - 1}" if n % 2 else ""
        old, kind = Row(name, after=need), n // 2 % 5
        new: Row | None = Row(name, after=need)
        if kind == 1:
            new = Row(name, 2, after=need)
        elif kind == 2:
            new = Row(name, kind="other", after=need)
        elif kind == 3:
            old, new = Row(name, first=True, after=need), Row(name, kind="other", first=True, after=need)
        elif kind == 4 and n % 20 < 10:
            new = None
        if kind != 4 or n % 20 < 10:
            before.append(old)
        if new is not None:
            after.append(new)
    return before, after


def points_of(number: int, folder: Path, patch: pytest.MonkeyPatch) -> tuple[list[Point], list[Row], World]:
    """Every point of an update of so many resources, what it was to reach, and the world that it reached."""
    before, after = programs(number)
    world = World()
    stack = stack_of(folder, world, before)
    stack.up()
    points: list[Point] = []
    lock = threading.Lock()

    def kept(what: str) -> None:
        with lock, sqlite3.connect(stack.file) as database:
            points.append((what, database.serialize(), dict(world.objects)))

    world.noticed = kept
    write = Journal._submit

    def one_by_one(journal: Journal, statements: Any, done: Any) -> None:
        """Each write is durable, and a point, before anything else happens."""
        with sqlite3.connect(journal.file) as database:
            for sql, values in statements:
                database.execute(sql, values)
        kept(f"written {statements[0][0][:20]}")
        write(journal, [("select 1", ())], done)

    with patch.context() as inner:
        inner.setattr(Journal, "_submit", one_by_one)
        stack_of(folder, world, after).up()
    world.noticed = lambda what: None
    return points, after, world


def stack_of(folder: Path, world: World, rows: list[Row]) -> Stack:
    return Stack("p", "dev", lambda: rows, folder, {"mem": lambda: Marking(world)}, passphrase="x")  # type: ignore[arg-type, return-value]


def recovered(point: Point, rows: list[Row], folder: Path) -> None:
    """Start from a crash's leavings, and look at what the next run makes of them."""
    what, file, objects = point
    world = World(dict(objects), itertools.count(10_000))
    stack = stack_of(folder, world, rows)
    for left in stack.file.parent.glob("*"):
        left.unlink()
    stack.file.parent.mkdir(parents=True, exist_ok=True)
    stack.file.write_bytes(file)
    stack.up()
    exists = {id_: item[:3] for id_, item in world.objects.items()}
    assert sorted(exists.values()) == sorted((row.name, row.size, row.kind) for row in rows), what  # nothing twice, nothing lost
    snapshot = stack.snapshot()
    known = {str(state.id): (state.name, int(state.inputs["size"]), state.inputs["kind"]) for state in snapshot.resources if state.type == TYPE}
    assert known == exists, what
    assert not snapshot.pending, what
    assert not [state for state in snapshot.resources if state.delete or state.pending_replacement], what
    world.effects = 0
    assert set((stack.up().summary.resource_changes or {}).keys()) == {"same"}, what
    assert world.effects == 0, what


@pytest.fixture
def _direct(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stacks.engine.program.run", registered)
    monkeypatch.setattr(Journal, "_connect", _hasty)


@pytest.mark.usefixtures("_direct")
def test_what_a_killed_run_asked_for_a_moment_ago_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cloud makes it still: it is not there yet when the next run begins."""
    rows, world = [Row("a")], World()
    stack = stack_of(tmp_path, world, rows)
    kept: list[bytes] = []
    world.noticed = lambda what: kept.append(sqlite3.connect(stack.file).serialize())
    stack.up()
    late, world.objects, world.noticed = dict(world.objects), {}, lambda what: None
    stack.file.write_bytes(kept[0])  # begun, and not recorded
    monkeypatch.setattr("stacks.engine.deployment.SETTLE_S", 60.0)

    async def sleep(_: float) -> None:
        world.objects.update(late)

    with monkeypatch.context() as patch:
        patch.setattr("stacks.engine.deployment.asyncio.sleep", sleep)
        done = stack.up()
    assert "the last run was killed at its work: waiting " in done.stdout
    assert world.objects == late
    assert "killed" not in stack.up().stdout


def _hasty(journal: Journal) -> sqlite3.Connection:
    """What is durable matters, not that the disk has it: the crash is ours."""
    database = sqlite3.connect(journal.file, timeout=30, isolation_level=None)
    database.execute("pragma synchronous=off")
    return database


@pytest.mark.usefixtures("_direct")
@pytest.mark.parametrize("number", [20, pytest.param(100, marks=pytest.mark.bench)])
def test_a_crash_at_any_point_of_an_update_loses_nothing_and_makes_nothing_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    points, rows, world = points_of(number, tmp_path / "one", monkeypatch)
    assert {what.split()[0] for what, _, _ in points} == {"written", "create", "update", "delete"}
    assert len(points) > 2 * number
    assert sorted(item[:3] for item in world.objects.values()) == sorted((row.name, row.size, row.kind) for row in rows)
    for point in points:
        recovered(point, rows, tmp_path / "again")
