"""A province far larger than any: load and all checks, and how their time grows."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bench.estates import Size, write_estate
from tests.bench.registry import Record

pytestmark = pytest.mark.bench
ROOT = Path(__file__).parents[2]
SECONDS, GIB = 10, 1.5
RUNS = 3


def check(estate: Path) -> tuple[float, float]:
    """Seconds and GiB of memory at most of `xiangyun inventory check`, from start to end; the least of some runs, since others use the machine too."""
    took, peak = [], []
    words = [sys.executable, "-m", "cli.main", "inventory", "check", "--estate", str(estate), "--as-of", "2026-09-30"]
    for _ in range(RUNS):
        start = time.perf_counter()
        process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT)})
        _, status, usage = os.wait4(process.pid, 0)
        took.append(time.perf_counter() - start)
        peak.append(usage.ru_maxrss / 2**20)
        assert os.waitstatus_to_exitcode(status) == 0
    return min(took), max(peak)


def test_load_and_checks_of_a_large_province(record: Record, tmp_path: Path) -> None:
    size = Size()
    rows = write_estate(tmp_path / "large", size)
    fewer = write_estate(tmp_path / "small", Size(size.systems // 10, size.devices // 10, size.assets // 10))
    small, _ = check(tmp_path / "small")
    large, memory = check(tmp_path / "large")
    record("inventory check, 10,000 systems, 20,000 devices, 100,000 assets", large, "s", goal=SECONDS)
    record("inventory check, the same: memory", memory, "GiB", goal=GIB)
    record(f"inventory check, {rows / fewer:.1f} times the rows: time grows by", large / small, "times", goal=rows / fewer)
