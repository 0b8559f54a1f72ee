"""Where each line form is known from, language by language: vendors/evidence.csv, checked form by form against public text.

A language that uses another's module has evidence of its own: what stands in the NE40E reference says nothing of a USG.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from netconf.forms import Form

Confidence = Literal["manual", "example", "inferred"]
FILE = Path(__file__).parent / "vendors" / "evidence.csv"


@dataclass(frozen=True, slots=True)
class Evidence:
    """`lines` of the public configurations of this language match the form; `read` is the page that has it, or what it was compared with in vain."""

    confidence: Confidence
    lines: int
    read: str


@cache
def _rows() -> dict[tuple[str, str, str], Evidence]:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["vendor"], row["chapter"], row["form"]): Evidence(row["confidence"], int(row["lines"]), row["read"]) for row in rows}  # type: ignore[arg-type]


def evidence(vendor: str, form: Form) -> Evidence:
    """Raises KeyError for a form that nobody has checked."""
    return _rows()[vendor, form.chapter, form.template]


def stale(vendor: str, forms: Iterable[Form]) -> set[tuple[str, str]]:
    """Chapter and template of the rows of a language whose forms are gone."""
    return {(chapter, template) for name, chapter, template in _rows() if name == vendor} - {(form.chapter, form.template) for form in forms}
