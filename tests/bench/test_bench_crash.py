"""SIGKILL of the engine at every operation of an update of a hundred resources on a real OpenStack: what is twice, and what is lost, by the cloud's word."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

from tests.bench.registry import Record
from tests.lab.pilot import Pilot, started
from tests.stacks.crash import HUNDRED, SIDES, Moment, crashes

pytestmark = pytest.mark.bench
MOMENTS: tuple[Moment, Moment] = ("begun", "answered")


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pilot]:
    with started(tmp_path_factory.mktemp("cloud"), "cloud") as running:
        yield running


def test_the_engine_is_killed_at_every_operation(record: Record, cloud: Pilot, tmp_path: Path) -> None:
    """There and back again, so that the run after a kill is where the next update starts; each operation of both ways once, at one of its moments."""
    with crashes(cloud.state, tmp_path, HUNDRED) as ours:
        ways = ours.operations("after"), ours.operations("before")
        assert len(ways[0]) == len(ways[1])
        for both, moments in zip(zip(*ways, strict=True), cycle((MOMENTS, MOMENTS[::-1])), strict=False):
            for side, operation, moment in zip(reversed(SIDES), both, moments, strict=True):
                ours.kill(side, (operation, moment))
        ours.settled("before")
    tally = ours.tally
    title = "cloud, engine killed at each operation of a 100-resource update"
    record(f"{title}: points", tally.points, "points", goal=100, better="higher")
    record(f"{title}: made twice or in vain", tally.duplicated, "objects", goal=0)
    record(f"{title}: lost", tally.lost, "objects", goal=0)
    assert tally.faults == []
