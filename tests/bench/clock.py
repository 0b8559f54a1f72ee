"""How long something takes."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from typing import IO, Any


def seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def side_by_side(times: int, *works: Callable[[], Any]) -> list[float]:
    """Median seconds of each, taken in turns, so that a busy moment of the machine meets all of them."""
    took = [[seconds(work) for work in works] for _ in range(times)]
    return [statistics.median(column) for column in zip(*took, strict=True)]


def command(words: Sequence[str], expect: int = 0, out: int | IO[bytes] = subprocess.DEVNULL) -> Callable[[], None]:
    """Runs a command as a user would, with its output to `out`; another exit code than expected is an error, not a time."""

    def run() -> None:
        done = subprocess.run(words, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
        assert done.returncode == expect, f"{' '.join(words)}: {done.returncode}\n{done.stderr[-2000:]}"

    return run
