"""The steps of the last `make demo`, as it timed them itself."""

from __future__ import annotations

import json

import pytest

from tests.bench.registry import ROOT, Record

TIMES = ROOT / "build" / "demo" / "times.json"  # a list of {"step": title, "seconds": number}, in order
DEMO_S = 600  # the first run, downloads included, on 2 cores


@pytest.mark.bench
def test_steps_of_the_demo(record: Record) -> None:
    if not TIMES.exists():
        pytest.skip("no demo has left its times: run `make demo` first")
    steps = json.loads(TIMES.read_text("utf-8"))
    for number, step in enumerate(steps, 1):
        record(f"demo {number}: {step['step']}", step["seconds"], "s")
    record("demo, in all", sum(step["seconds"] for step in steps), "s", goal=DEMO_S)
