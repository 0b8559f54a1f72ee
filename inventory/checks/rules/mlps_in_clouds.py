"""INV-017: systems of MLPS level 4 and 5 do not move to the cloud."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate

LEVEL = 4  # 湖南省省级政务云管理暂行办法（湘政办发〔2024〕24号）: systems of level 3 and below move step by step


class MlpsInClouds(Check):
    id, severity = "INV-017", Severity.ERROR
    title = Text(zh="等保四级及以上系统不上云", en="A system of MLPS level 4 or 5 stands in a cloud or has a landing there")
    reason = Text(
        zh="第四级及以上系统的安全要求高于政务云的保护等级，云的等级须不低于其上系统（GB/T 22240-2020、GB/T 22239-2019 云计算扩展要求）。",
        en="A cloud's own level is not below that of the systems on it (GB/T 22239-2019, cloud extension); these clouds are built for level 3.",
    )
    advice = Text(
        zh="保留在原机房，或复核定级。",
        en="Leave it where it is, or have its level reviewed.",
    )

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
