"""The reference in docs/ is what the model says now."""

from __future__ import annotations

from pathlib import Path

from inventory.reference import estate_reference

FILE = Path(__file__).parents[2] / "docs" / "reference" / "estate.md"


def test_reference_is_current() -> None:
    assert FILE.read_text("utf-8") == estate_reference() + "\n", "run `python -m inventory.reference > docs/reference/estate.md`"
