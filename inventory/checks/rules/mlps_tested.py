"""INV-051: a system is assessed as often as its MLPS level demands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from inventory.checks.base import DatedCheck, Finding, Text
from inventory.mlps import ADVISED_DAYS, TEST_DAYS
from inventory.model import Estate

DAYS = ADVISED_DAYS | TEST_DAYS


class MlpsTested(DatedCheck):
    id = "INV-051"
    title = Text(zh="等保测评逾期", en="The MLPS assessment is overdue")
    reason = Text(
        zh="第三级每年、第四级每半年至少测评一次（信息安全等级保护管理办法第十四条），第五级按第四级计；第二级按公安机关指导意见每两年一次。",
        en="Level 3 yearly, level 4 half-yearly (信息安全等级保护管理办法, article 14), level 5 like 4; level 2 every two years, as the police advise.",
    )
    advice = Text(
        zh="委托测评机构测评，并填写测评日期。",
        en="Commission the assessment, and fill in its day.",
    )

    def run(self, estate: Estate, day: date) -> Iterator[Finding]:
        for system in estate.systems.values():
            limit = DAYS.get(system.mlps_level)
            if limit is None or system.classified or system.status != "running":
                continue
            if system.mlps_tested is None:
                yield self.finding(
                    estate,
                    system.id,
                    "mlps_tested",
                    zh=f"{system.name} 等保 {system.mlps_level} 级，无测评记录",
                    en=f"{system.id} is of level {system.mlps_level} and was never assessed",
                )
            elif (day - system.mlps_tested).days > limit:
                yield self.finding(
                    estate,
                    system.id,
                    "mlps_tested",
                    zh=f"{system.name} 等保 {system.mlps_level} 级，上次测评 {system.mlps_tested}",
                    en=f"{system.id} is of level {system.mlps_level}; its last assessment was on {system.mlps_tested}",
                )
