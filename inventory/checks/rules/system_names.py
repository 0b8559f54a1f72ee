"""INV-072: running systems of one unit have different names."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class SystemNames(Check):
    id, severity = "INV-072", Severity.WARNING
    title = Text(zh="同一单位系统重名", en="Two systems of a unit have one name")
    reason = Text(
        zh="同名系统多为重复登记或重复建设，会虚增系统数、迁移量和经费。",
        en="Two of one name are one twice, or built twice: either way systems, moves and money are counted double.",
    )
    advice = Text(
        zh="核实：重复登记的删除，重复建设的作出整合决定。",
        en="Remove the double row, or decide to merge them.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        first: dict[tuple[str, str], str] = {}
        for system in estate.systems.values():
            if system.status == "running":
                other = first.setdefault((system.unit, system.name), system.id)
                if other != system.id:
                    yield self.finding(estate, system.id, "name", zh=f"{system.name} 与 {other} 同名", en=f"{system.id} has the name of {other}")
