"""Seventeen clouds of the lab, each its own OpenStack, previewed at once with nothing to do, and one alone; what the lab itself takes for them."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from inventory.load import load_estate
from lab import up as lab
from lab.session import Session
from tests.bench import clock
from tests.bench.registry import Record
from tests.lab.pilot import HUNAN
from tests.lab.province import clouds_of, command, pss_mib, run
from tests.lab.small import inside

pytestmark = pytest.mark.bench
CLOUDS = 17
ALONE = "cloud:430200"
AT_ONCE = 10  # times one alone
MEMORY_MIB = 3 * 1024
LOOK_S = 0.2


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The province's cloud, two others, and those of the 14 cities, as the estate describes them; applied."""
    clouds = load_estate(HUNAN).clouds.values()
    cities = [cloud.id for cloud in clouds if cloud.kind == "city"]
    others = [cloud.id for cloud in clouds if cloud.kind != "city"]
    with clouds_of(tmp_path_factory.mktemp("clouds"), [*others[: CLOUDS - len(cities)], *cities]) as folder:
        done = run(folder, "cloud", "up", "--all", "--yes", "--json")
        assert done.returncode == 0, done.stderr
        yield folder


def test_seventeen_clouds_previewed_at_once(record: Record, estate: Path) -> None:
    session = Session(estate)
    record(f"lab, {CLOUDS} clouds: start", session.record["times"]["cloud"], "s")
    record(f"lab, {CLOUDS} clouds: memory (PSS) at rest", pss_mib(inside(session)) / 1024, "GiB")
    assert len(lab.status(estate)["processes"]) >= CLOUDS * 5
    one = clock.command([*command(estate, "cloud", "preview"), "--cloud", ALONE])
    peak = 0.0

    def every() -> None:
        nonlocal peak
        process = subprocess.Popen(
            command(estate, "cloud", "preview", "--all", "--jobs", str(CLOUDS)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        ended = threading.Event()

        def look() -> None:
            nonlocal peak
            while not ended.wait(LOOK_S):
                peak = max(peak, pss_mib(_family(process.pid)))

        looking = threading.Thread(target=look)
        looking.start()
        _, said = process.communicate()
        ended.set()
        looking.join()
        assert process.returncode == 0, said

    one()
    alone, together = clock.side_by_side(3, one, every)
    record("cloud preview, one cloud, nothing to do", alone, "s")
    record(f"cloud preview, {CLOUDS} clouds at once, nothing to do", together, "s")
    record(f"cloud preview, {CLOUDS} clouds at once beside one alone", together / alone, "ratio", goal=AT_ONCE)
    record(f"cloud preview, {CLOUDS} clouds at once: memory (PSS) of all processes", peak, "MiB", goal=MEMORY_MIB)


def _family(pid: int) -> list[int]:
    """A process and its children."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        children = []
    return [pid, *map(int, children)]
