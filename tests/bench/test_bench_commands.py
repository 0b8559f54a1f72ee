"""What a user waits for: the start of the command, and the whole province checked, planned and reported."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.bench.clock import command, side_by_side
from tests.bench.registry import Record

pytestmark = pytest.mark.bench
XIANGYUN = str(Path(sys.executable).parent / "xiangyun")
HUNAN = Path(__file__).parents[2] / "estates" / "hunan"
HELP_MS = 150


def test_help_starts_at_once(record: Record) -> None:
    ours, bare = side_by_side(15, command([XIANGYUN, "--help"]), command([sys.executable, "-c", "pass"]))
    record("xiangyun --help", ours * 1e3, "ms", goal=HELP_MS, peer="python -c pass", peer_value=bare * 1e3)


@pytest.mark.parametrize(
    ("name", "words", "expect"),
    [
        ("whole province: inventory check", ["inventory", "check"], 0),
        ("whole province: net plan", ["net", "plan"], 3),
        ("whole province: report", ["report"], 0),
    ],
    ids=["check", "plan", "report"],
)
def test_the_whole_province(record: Record, tmp_path: Path, name: str, words: list[str], expect: int) -> None:
    estate = shutil.copytree(HUNAN, tmp_path / "hunan", ignore=shutil.ignore_patterns(".xiangyun"))
    [took] = side_by_side(5, command([XIANGYUN, *words, "--estate", str(estate)], expect))
    record(name, took, "s")
