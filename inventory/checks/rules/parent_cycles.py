"""INV-004: nothing is its own ancestor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class ParentCycles(Check):
    id, severity = "INV-004", Severity.ERROR
    title = Text(zh="上级关系成环", en="Parents form a cycle")
    reason = Text(
        zh="上级关系成环，汇总、权限与报表都无法计算。",
        en="With a cycle of parents nothing can be summed by region or by unit.",
    )
    advice = Text(
        zh="改正环中一行的 parent。",
        en="Correct one row's `parent`.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        regions = {code: region.parent for code, region in estate.regions.items()}
        units = {key: unit.parent for key, unit in estate.units.items()}
        for parents, prefix in ((regions, "region:"), (units, "")):
            for cycle in cycles(parents):
                yield self.finding(
                    estate,
                    f"{prefix}{cycle[0]}",
                    "parent",
                    zh=f"上级关系成环：{' → '.join((*cycle, cycle[0]))}",
                    en=f"its parents form a cycle: {' -> '.join((*cycle, cycle[0]))}",
                )


def cycles(parents: Mapping[str, str | None]) -> list[tuple[str, ...]]:
    """Each cycle once, beginning with its smallest member."""
    found: set[tuple[str, ...]] = set()
    done: set[str] = set()
    for start in parents:
        path: list[str] = []
        at: str | None = start
        while at is not None and at not in done and at not in path:
            path.append(at)
            at = parents.get(at)
        if at in path:
            cycle = path[path.index(at) :]
            first = cycle.index(min(cycle))
            found.add((*cycle[first:], *cycle[:first]))
        done.update(path)
    return sorted(found)
