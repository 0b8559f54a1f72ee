"""INV-030: a unit's level is that of its region."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class UnitLevels(Check):
    id, severity = "INV-030", Severity.WARNING
    title = Text(zh="单位级别与所在地区级别不符", en="A unit's level is not that of its region")
    reason = Text(
        zh="单位级别与地区不符会使分级统计和审批权限出错。",
        en="A unit at the wrong level is counted and approved at the wrong level.",
    )
    advice = Text(
        zh="改正 level 或 region；垂直管理单位按其驻地填写。",
        en="Correct `level` or `region`.",
    )

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
