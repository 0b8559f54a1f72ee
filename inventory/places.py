"""Where a unit is, and what lies above it."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.model import Estate


def region_of(estate: Estate, unit: str | None) -> str:
    """The code of a unit's region; "" for an unknown unit."""
    found = estate.units.get(unit or "")
    return found.region if found else ""


def upwards(estate: Estate, code: str) -> Iterator[str]:
    """The region and those above it, nearest first; a cycle of parents ends."""
    seen: set[str] = set()
    while code and code not in seen:
        seen.add(code)
        yield code
        region = estate.regions.get(code)
        code = (region.parent if region else None) or ""
