"""Where the embedded engine does on purpose what the CLI does not: the table in docs/explanation/engine.md is made of this one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Difference:
    """`ours`: what the embedded engine tells, by its place in the program's steps (see `differences` of test_engine_recorded.py)."""

    program: str
    what: str
    why: str
    ours: dict[str, Any]


DIFFERENCES: tuple[Difference, ...] = ()
