"""All tests: first those without a mark, over two processes, then the lab's, alone and in one; the last line counts both together.

Arguments are given to pytest, both times: `python -m tests -k import`.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from time import monotonic

import pytest

UNMARKED = ("-m", "not lab and not bench", "-n", "2", "--dist", "worksteal")  # neighbours share fixtures: each process begins with half of the list
LAB = ("-m", "lab and not bench")  # never at the same time as anything else: there is one set of ports, names and containers
SHOWN = ("failed", "passed", "skipped", "xfailed", "xpassed", "error")


class Tally:
    """Counts of results, as pytest names them, over all runs."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        self.counts.update({name: len(reports) for name, reports in terminalreporter.stats.items()})

    def line(self, seconds: float) -> str:
        """One line in the form of pytest's own."""
        counts = ", ".join(f"{self.counts[name]} {name}" for name in SHOWN if self.counts[name]) or "no tests ran"
        return f" {counts} in {seconds:.2f}s ".center(80, "=")


def main(arguments: list[str]) -> int:
    """The exit code of the worst run; a choice of tests that leaves one of the runs without any is fine."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or every process compiles every module again
    sys.dont_write_bytecode = False
    tally, began = Tally(), monotonic()
    codes = []
    for chosen in (UNMARKED, LAB):
        codes.append(pytest.main([*chosen, *arguments], plugins=[tally]))
        if codes[-1] == pytest.ExitCode.INTERRUPTED:
            break
    print(tally.line(monotonic() - began))
    ran = [code for code in codes if code != pytest.ExitCode.NO_TESTS_COLLECTED]
    return int(max(ran, default=pytest.ExitCode.NO_TESTS_COLLECTED))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
