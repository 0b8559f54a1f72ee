"""INV-030: a unit's level is that of its region."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Title
from inventory.model import Estate


class UnitLevels(Check):
    id, severity = "INV-030", Severity.WARNING
    title = Title(zh="单位级别与所在地区级别不符", en="A unit's level is not that of its region")

    def run(self, estate: Estate) -> Iterator[Finding]:
        for unit in estate.units.values():
            region = estate.regions.get(unit.region)
            if region and unit.level != region.level:
                yield self.finding(
                    estate,
                    unit.id,
                    "level",
                    zh=f"单位为 {unit.level}，地区 {region.name} 为 {region.level}",
                    en=f"the unit is of level {unit.level}, and {region.code} of {region.level}",
                )
