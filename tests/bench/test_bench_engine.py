"""The embedded engine's own cost: a provider that does nothing, 1,000 resources, beside the SDK's loop with no engine behind it, and beside
the real CLI where it is on PATH; and 5,000 resources."""

from __future__ import annotations

import math
import shutil
import subprocess
import uuid
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import pulumi
import pytest
from google.protobuf import empty_pb2
from pulumi.provider.experimental import provider as sdk
from pulumi.runtime.proto import engine_pb2, resource_pb2

from stacks.engine import Stack, collector, shortcuts
from stacks.engine import program as runner
from stacks.engine.monitor import FEATURES
from tests.bench.clock import seconds, side_by_side
from tests.bench.registry import Record
from tests.stacks.sidebyside import Workspace

NUMBER = 1_000
MANY = 5_000
ROUNDS = 3
THREADS = 256
PEER = "the SDK with a monitor that only echoes"
GOALS = {"up": 6.0, "destroy": 6.0}
NO_OP_RATIO = 1.5
LINEAR = 1.1  # exponent of the growth, at most this times the SDK's own: 1 is linear, 2 quadratic
CLI_GOALS = {"up": 0.1, "no-op": 0.2}
SERVE = """import sys
from pulumi.provider.experimental.server import main
from tests.bench.test_bench_engine import Nothing
main(sys.argv[1:], "1.0.0", Nothing())
"""


class Nothing(sdk.Provider):
    async def diff(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        changed = [name for name, value in request.new_inputs.items() if request.old_state.get(name) != value]
        return sdk.DiffResponse(changes=bool(changed), diffs=changed)

    async def create(self, request: sdk.CreateRequest) -> sdk.CreateResponse:
        return sdk.CreateResponse(None if request.preview else str(uuid.uuid4()), request.properties)

    async def delete(self, request: sdk.DeleteRequest) -> None:
        return None


class Thing(pulumi.CustomResource):
    label: pulumi.Output[str]

    def __init__(self, name: str, size: int, label: Any = "x", opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bench:index:Thing", name, {"size": size, "label": label}, opts)


class Group(pulumi.ComponentResource):
    """One thing, and the others that take its label."""

    def __init__(self, name: str, number: int) -> None:
        super().__init__("bench:index:Group", name, {})
        child = pulumi.ResourceOptions(parent=self)
        first = Thing(f"{name}-0", 1, opts=child)
        for n in range(1, number):
            Thing(f"{name}-{n}", n, first.label.apply(lambda label: f"{label}!"), child)
        self.register_outputs({})


def program(number: int = NUMBER) -> None:
    Group("g", number)
    pulumi.export("number", number)


class Echo:
    """The least that the SDK needs to hear."""

    def GetDeploymentInfo(self, request: Any) -> resource_pb2.DeploymentInfo:  # noqa: N802
        return resource_pb2.DeploymentInfo(project="p", stack="bare", organization="organization", supportedFeatures=FEATURES)

    def RegisterResource(self, request: Any) -> resource_pb2.RegisterResourceResponse:  # noqa: N802
        return resource_pb2.RegisterResourceResponse(urn=f"urn:pulumi:bare::p::{request.type}::{request.name}", id="x", object=request.object)

    def RegisterResourceOutputs(self, request: Any) -> empty_pb2.Empty:  # noqa: N802
        return empty_pb2.Empty()

    def SignalAndWaitForShutdown(self, request: Any) -> empty_pb2.Empty:  # noqa: N802
        return empty_pb2.Empty()

    def Log(self, request: engine_pb2.LogRequest) -> empty_pb2.Empty:  # noqa: N802
        return empty_pb2.Empty()


def alone(number: int = NUMBER) -> None:
    """The program in a thread of its own, as the engine runs it, with nothing behind."""
    echo: Any = Echo()
    assert runner.in_thread(lambda: runner.run(partial(program, number), "p", "bare", {}, [], echo, False)).result() is None


def bare(number: int = NUMBER) -> None:
    """And with a thread for each call that waits, as under the CLI."""
    with mock.patch.object(runner, "Calls", partial(ThreadPoolExecutor, THREADS)):
        alone(number)


@pytest.mark.bench
def test_the_engine_costs_little_beside_the_sdk(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = Stack("p", "bench", program, tmp_path, {"bench": Nothing})
    took = {"up": seconds(stack.up)}
    assert stack.up().summary.resource_changes == {"same": NUMBER + 2}
    took["no-op"] = min(seconds(stack.up) for _ in range(3))
    peer = min(seconds(bare) for _ in range(3))
    with collector.seldom(), monkeypatch.context() as patch:  # as the engine does while it runs: what is left between the two is the engine's own work
        patch.setattr(shortcuts, "_ours", lambda: True)
        alike = min(seconds(alone) for _ in range(3))
    took["preview"] = seconds(stack.preview)
    took["refresh"] = seconds(stack.refresh)
    took["destroy"] = seconds(stack.destroy)
    for name, value in took.items():
        record(f"engine {name}, {NUMBER} resources", value, "s", goal=GOALS.get(name))
    for name, beside in (("", peer), (", collector and shortcuts alike", alike)):
        goal = None if name else NO_OP_RATIO  # of the SDK as it is
        record(f"engine no-op beside the SDK alone{name}", took["no-op"] / beside, "ratio", goal=goal, peer=PEER, peer_value=beside)
    record("engine overhead per resource, no-op", (took["no-op"] - alike) / NUMBER * 1e3, "ms")


@pytest.mark.bench
@pytest.mark.skipif(shutil.which("pulumi") is None, reason="needs the Pulumi CLI on PATH, which no package registry carries")
@pytest.mark.parametrize("number", [300, NUMBER])
def test_the_engine_beside_the_cli(record: Record, tmp_path: Path, number: int) -> None:
    """The same program and provider; in turns, so that both find the same machine."""
    version = subprocess.run(["pulumi", "version"], capture_output=True, text=True, check=True).stdout.strip()
    ours = Stack("p", "bench", partial(program, number), tmp_path / "ours", {"bench": Nothing})
    took: dict[str, list[float]] = {}
    with Workspace(tmp_path / "cli", "bench", SERVE).stack("p", "bench", partial(program, number)) as theirs:
        for name, times in (("up", 1), ("no-op", 3), ("preview", 1), ("refresh", 1), ("destroy", 1)):
            call = "up" if name == "no-op" else name
            took[name] = side_by_side(times, getattr(ours, call), getattr(theirs, call))
    for name, (mine, his) in took.items():
        goal = CLI_GOALS.get(name) if number == NUMBER else None
        title = f"engine {name} beside the Pulumi CLI, {number} resources"
        record(title, mine / his, "ratio", goal=goal, peer=f"Pulumi CLI {version} with files", peer_value=his)


@pytest.mark.bench
def test_the_engine_grows_with_its_resources(record: Record, tmp_path: Path) -> None:
    took: dict[tuple[str, int], list[float]] = defaultdict(list)
    for _ in range(ROUNDS):  # in turns, and the best of each: the machine is up to twice as slow from one minute to the next
        for number in (NUMBER, MANY):
            stack = Stack("p", f"bench-{number}", partial(program, number), tmp_path, {"bench": Nothing})
            took["up", number].append(seconds(stack.up))
            took["no-op", number].append(seconds(stack.up))
            took["destroy", number].append(seconds(stack.destroy))
            with collector.seldom():
                took[PEER, number].append(seconds(partial(bare, number)))

    def exponent(name: str) -> float:
        return math.log(min(took[name, MANY]) / min(took[name, NUMBER]), MANY / NUMBER)

    for name in ("up", "no-op", "destroy"):
        record(f"engine {name}, {MANY} resources", min(took[name, MANY]), "s")
        title = f"engine {name}, growth from {NUMBER} to {MANY} resources: exponent"
        record(title, exponent(name), "exponent", goal=max(1.0, exponent(PEER)) * LINEAR, peer=PEER, peer_value=exponent(PEER))
