"""INV-079: a unit has a parent, unless it is the province's."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate, Level


class UnitParents(Check):
    id, severity = "INV-079", Severity.WARNING
    title = Text(zh="市县单位无上级", en="A unit below the province has no parent")
    reason = Text(
        zh="逐级汇总、联合评审和通报都按上级关系进行；无上级的单位会被漏掉。",
        en="Sums, reviews and notices follow the parents: a unit without one is left out.",
    )
    advice = Text(
        zh="填写业务主管或同级政府单位。",
        en="Fill in the office above it, or its government.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        orphans = (unit for unit in estate.units.values() if unit.level is not Level.PROVINCE and unit.parent is None)
        named = {unit.parent for unit in estate.units.values()}
        for unit in orphans:
            if unit.id not in named:
                yield self.finding(
                    estate, unit.id, "parent", zh=f"{unit.name}（{unit.level}）没有上级单位", en=f"{unit.id} of level {unit.level} has no parent"
                )
