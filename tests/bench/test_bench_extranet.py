"""Design and compile of large provinces with every service switched on, beside pyavd; and what one changed row costs.

Both are one process that only computes, so processor time is taken: a busy machine does not change the ratio.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from inventory.load import load_estate
from netconf import plan
from tests.bench.networks import write_network
from tests.bench.peers import peer_python
from tests.bench.registry import ROOT, Record

pytestmark = pytest.mark.bench
PEER = "pyavd==6.4.0"
SIZES = (1_000, 5_000, 20_000)
LEAVES = 100
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def run(words: list[str]) -> str:
    done = subprocess.run(words, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 3), f"{' '.join(words)}: {done.returncode}\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def estates(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    folder = tmp_path_factory.mktemp("networks")
    for size in SIZES:
        write_network(folder / str(size), size)
    return {size: folder / str(size) for size in SIZES}


def test_design_and_compile_beside_pyavd(record: Record, estates: dict[int, Path]) -> None:
    ours: dict[int, Any] = {size: json.loads(run([sys.executable, "tests/bench/compile_network.py", str(folder)])) for size, folder in estates.items()}
    for size, found in ours.items():
        assert found["least"] >= 300, "an edge router has at least 300 lines"
        record(f"extranet, {size:,} devices, {found['lines']:,} lines: lines a second", found["lines"] / found["all"], "lines/s")
        record(f"extranet, {size:,} devices: devices a second", size / found["all"], "devices/s")
    largest = SIZES[-1]
    record(f"extranet, {largest:,} devices: memory", ours[largest]["gib"], "GiB", goal=2)
    exponent = math.log(ours[largest]["all"] / ours[SIZES[0]]["all"]) / math.log(largest / SIZES[0])
    record("extranet, growth of time with devices: exponent", exponent, "exponent", goal=1.1)
    if (python := peer_python(PEER)) is None:
        return
    peer = json.loads(run([str(python), "tests/bench/peer_pyavd.py", str(LEAVES)]))
    rate = peer["lines"] / peer["seconds"]
    record(
        f"extranet, {SIZES[0]:,} devices, lines a second beside pyavd",
        ours[SIZES[0]]["lines"] / ours[SIZES[0]]["all"] / rate,
        "times",
        goal=30,
        better="higher",
    )
    record(f"pyavd, {peer['devices']} devices, {peer['lines']:,} lines: lines a second", rate, "lines/s")


def apply(folder: Path) -> None:
    """As if the plan had been pushed."""
    state = folder / ".xiangyun"
    made = plan.make_plan(load_estate(folder), None, state)
    plan.pushing(made, state)
    plan.pushed(made.digest, state)


def test_plan_and_a_changed_row_at_five_thousand_devices(record: Record, estates: dict[int, Path], tmp_path: Path) -> None:
    estate, out = estates[5_000], tmp_path / "built"
    xiangyun = [sys.executable, "-m", "cli.main", "net"]
    run([*xiangyun, "plan", "--accept", "--estate", str(estate)])
    apply(estate)
    lans = estate / "lans.csv"
    before = lans.read_text("utf-8")
    changed_row = before.replace("lan:e7-0,网段7-0,", "lan:e7-0,新名称,", 1).replace("10.0.7.0/24", "10.99.7.0/24", 1)
    lans.write_text(changed_row, "utf-8")
    took = []
    for _ in range(5):
        start = time.perf_counter()
        said = run([*xiangyun, "plan", "--estate", str(estate)])
        took.append(time.perf_counter() - start)
    change, _ = said.splitlines()
    assert "10.99.7.1/24" in change
    record("net plan after one changed row, 5,000 devices", min(took), "s", goal=3)
    lans.write_text(before, "utf-8")
    words = [*xiangyun, "build", "--estate", str(estate), "--out", str(out), "--json"]
    assert len(json.loads(run(words))["written"]) == 5_000
    lans.write_text(changed_row, "utf-8")
    start = time.perf_counter()
    changed = json.loads(run(words))
    record("net build after one changed row, 5,000 devices", time.perf_counter() - start, "s")
    assert changed["written"] == ["e7"]
    record("net build after one changed row: devices made again", len(changed["written"]), "devices", goal=1)
