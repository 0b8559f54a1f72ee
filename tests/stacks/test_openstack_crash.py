"""SIGKILL of the engine in the middle of an update of a real OpenStack; at every operation of a large one in tests/bench/test_bench_crash.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.pilot import Pilot
from tests.stacks.crash import FEW, SIDES, crashes, spread

pytestmark = pytest.mark.lab


def test_an_engine_killed_at_an_operation_of_each_kind_makes_nothing_twice_and_loses_nothing(pilot: Pilot, tmp_path: Path) -> None:
    with crashes(pilot.state, tmp_path, FEW) as ours:
        after, before = ours.operations("after"), ours.operations("before")
        assert {kind for kind, _ in after} == {"creating", "updating", "deleting"}
        there, back = spread(after, ("begun", "answered")), spread(before, ("answered", "begun"))
        for outward, home in zip(there, back, strict=True):
            for side, point in zip(reversed(SIDES), (outward, home), strict=True):
                ours.kill(side, point)
        ours.settled("before")
    assert ours.tally.faults == []
    assert (ours.tally.points, ours.tally.duplicated, ours.tally.lost) == (6, 0, 0)
