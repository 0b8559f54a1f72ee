"""INV-017: systems of MLPS level 4 and 5 do not move to the cloud."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Title
from inventory.model import Estate

LEVEL = 4  # 湖南省省级政务云管理暂行办法（湘政办发〔2024〕24号）: systems of level 3 and below move step by step


class MlpsInClouds(Check):
    id, severity = "INV-017", Severity.ERROR
    title = Title(zh="等保四级及以上系统不上云", en="A system of MLPS level 4 or 5 stands in a cloud or has a landing there")

    def run(self, estate: Estate) -> Iterator[Finding]:
        landings = {landing.system: cloud for cloud in estate.clouds.values() for landing in cloud.landings}
        for system in estate.systems.values():
            if system.mlps_level >= LEVEL and (system.cloud or system.id in landings):
                where = system.cloud or landings[system.id].id
                yield self.finding(
                    estate,
                    system.id,
                    "mlps_level",
                    zh=f"等保 {system.mlps_level} 级系统不得在 {where}",
                    en=f"MLPS level {system.mlps_level} may not stand in {where}",
                )
