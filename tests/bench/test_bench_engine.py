"""The embedded engine's own cost: a provider that does nothing, 1,000 resources, beside the SDK's loop with no engine behind it.

Results go to build/bench.json. The hard goals are ratios; seconds hold on a quiet machine of 2 cores.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest
from google.protobuf import empty_pb2
from pulumi.provider.experimental import provider as sdk
from pulumi.runtime.proto import engine_pb2, resource_pb2

from stacks.engine import Stack
from stacks.engine import program as runner
from stacks.engine.monitor import FEATURES

NUMBER = 1_000
RESULTS = Path(__file__).parents[2] / "build" / "bench.json"
PEER = "the SDK's loop with a monitor that only echoes"
GOALS = {"up": 6.0, "destroy": 6.0}
NO_OP_RATIO = 1.5


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


def program() -> None:
    Group("g", NUMBER)
    pulumi.export("number", NUMBER)


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


def seconds(work: Callable[[], Any], times: int = 1) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def bare() -> None:
    """The program in a thread of its own, as the engine runs it, with nothing behind."""
    echo: Any = Echo()
    failed = asyncio.run(runner.run_in_thread(lambda: runner.run(program, "p", "bare", {}, [], echo, echo, False)))
    assert failed is None


def measure(folder: Path) -> list[dict[str, Any]]:
    """Figures in the form of build/bench.json."""
    stack = Stack("p", "bench", program, folder, {"bench": Nothing})
    took = {"up": seconds(stack.up)}
    assert stack.up().summary.resource_changes == {"same": NUMBER + 2}
    took["no-op"] = seconds(stack.up, 3)
    peer = seconds(bare, 3)
    took["preview"] = seconds(stack.preview)
    took["refresh"] = seconds(stack.refresh)
    took["destroy"] = seconds(stack.destroy)
    figures: list[dict[str, Any]] = []
    for name, value in took.items():
        goal = GOALS.get(name)
        met = goal is None or value <= goal
        figures.append({"name": f"engine {name}, {NUMBER} resources", "value": round(value, 3), "unit": "s", "goal": goal, "met": met})
    ratio = round(took["no-op"] / peer, 2)
    beside = {"peer": PEER, "peer_value": round(peer, 3), "ratio": ratio}
    figures.append({"name": "engine no-op beside the SDK alone", "value": ratio, "unit": "ratio", "goal": NO_OP_RATIO, "met": ratio <= NO_OP_RATIO, **beside})
    return figures


def write(figures: list[dict[str, Any]]) -> None:
    """Put these figures in the place of earlier ones of the same names."""
    RESULTS.parent.mkdir(exist_ok=True)
    others = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
    names = {figure["name"] for figure in figures}
    RESULTS.write_text(json.dumps([figure for figure in others if figure["name"] not in names] + figures, indent=2, ensure_ascii=False) + "\n")


@pytest.mark.bench
def test_the_engine_costs_little_beside_the_sdk(tmp_path: Path) -> None:
    figures = measure(tmp_path)
    write(figures)
    missed = [figure for figure in figures if not figure["met"]]
    assert not missed, json.dumps(missed, indent=2)
