"""Figures: one object each in build/bench.json, one line each in docs/reference/benchmarks.md.

A figure has name, value, unit, goal and met; where there is a peer also peer, peer_value (in the figure's unit, or in seconds where that is `ratio`) and ratio.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "build" / "bench.json"
REFERENCE = ROOT / "docs" / "reference" / "benchmarks.md"
Better = Literal["lower", "higher"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. Without a goal there is none to miss, and `met` is true."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    better: Better = "lower"
    peer: str | None = None
    peer_value: float | None = None

    @property
    def met(self) -> bool:
        if self.goal is None:
            return True
        shown = _rounded(self.value)
        return shown <= self.goal if self.better == "lower" else shown >= self.goal

    @property
    def ratio(self) -> float | None:
        """Ours over the peer's."""
        if self.peer_value is None:
            return None
        return self.value if self.unit == "ratio" else self.value / self.peer_value

    def as_dict(self) -> dict[str, Any]:
        plain: dict[str, Any] = {"name": self.name, "value": _rounded(self.value), "unit": self.unit, "goal": self.goal, "met": self.met}
        if self.peer is not None and self.peer_value is not None and self.ratio is not None:
            plain |= {"peer": self.peer, "peer_value": _rounded(self.peer_value), "ratio": _rounded(self.ratio)}
        return plain

    def line(self) -> str:
        """For the terminal."""
        text = f"{self.name}: {_rounded(self.value)} {self.unit}"
        if self.goal is not None:
            text += f" (goal {_bound(self.better)} {self.goal:g}{'' if self.met else ', MISSED'})"
        if self.peer is not None and self.peer_value is not None:
            text += f"; {self.peer}: {_rounded(self.peer_value)}, ratio {_rounded(self.ratio or 0)}"
        return text


class Record:
    """Takes figures as a bench measures them."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []

    def __call__(
        self,
        name: str,
        value: float,
        unit: str,
        goal: float | None = None,
        better: Better = "lower",
        peer: str | None = None,
        peer_value: float | None = None,
    ) -> None:
        self.figures.append(Figure(name, value, unit, goal, better, peer, peer_value))


def _rounded(value: float) -> float:
    """Three significant digits below a thousand, whole numbers above."""
    return float(f"{value:.3g}") if abs(value) < 1_000 else float(round(value))


def _bound(better: Better) -> str:
    return "at most" if better == "lower" else "at least"


def store(figures: Sequence[Figure], results: Path = RESULTS, reference: Path = REFERENCE) -> None:
    """Put these figures in the place of earlier ones of the same names; the others stay. The reference is made anew from all."""
    kept = {old["name"]: old for old in _read(results)}
    kept |= {figure.name: figure.as_dict() for figure in figures}
    ordered = [kept[name] for name in sorted(kept)]
    results.parent.mkdir(parents=True, exist_ok=True)
    part = results.with_suffix(".part")
    part.write_text(json.dumps(ordered, indent=2, ensure_ascii=False) + "\n", "utf-8")
    part.replace(results)
    reference.write_text(markdown(ordered, machine()), "utf-8")


def _read(results: Path) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = json.loads(results.read_text("utf-8"))
    except FileNotFoundError:
        return []
    return found


def machine() -> str:
    """Cores that we may use, and memory in GiB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB of memory"


HEAD = """# Benchmarks

<!-- Made by `make bench` from build/bench.json; do not edit. -->

Measured on a machine of {machine}. Ratios and exit codes are the hard figures: ours and the peer's were measured in the same run, one after the other.
Absolute times hold on a quiet machine only. `make bench ONLY=pattern` measures the benches whose names match the pattern, and keeps the other figures.

| figure | value | goal | met | beside | its value | ratio |
|---|---|---|---|---|---|---|
"""


def markdown(figures: Sequence[dict[str, Any]], where: str) -> str:
    """The reference page; the same figures and machine give the same bytes."""
    rows = []
    for figure in figures:
        goal = "–" if figure["goal"] is None else f"{figure['goal']:g}"
        met = "–" if figure["goal"] is None else "yes" if figure["met"] else "**no**"
        peer = [figure["peer"], f"{figure['peer_value']:g}", f"{figure['ratio']:g}"] if "peer" in figure else ["–", "–", "–"]
        value = f"{figure['value']:g} {figure['unit']}"
        rows.append(f"| {' | '.join([figure['name'], value, goal, met, *peer])} |\n")
    return HEAD.format(machine=where) + "".join(rows)
