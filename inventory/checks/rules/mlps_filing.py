"""INV-032: a system of MLPS level 2 or higher is filed with the police (信息安全等级保护管理办法, article 15)."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class MlpsFiling(Check):
    id, severity = "INV-032", Severity.WARNING
    title = Text(zh="等保二级及以上系统无备案号", en="A system of MLPS level 2 or higher has no filing number")
    reason = Text(
        zh="第二级以上系统应在公安机关备案（信息安全等级保护管理办法第十五条）。",
        en="Systems of level 2 and higher are filed with the police (信息安全等级保护管理办法, article 15).",
    )
    advice = Text(
        zh="向所在地设区的市级以上公安机关备案，填写备案号。",
        en="File it, and fill in the number.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for system in estate.systems.values():
            if system.mlps_level >= 2 and not system.mlps_filing and not system.classified and system.status != "retired":
                yield self.finding(
                    estate,
                    system.id,
                    "mlps_filing",
                    zh=f"{system.name} 等保 {system.mlps_level} 级，无备案号",
                    en=f"{system.id} is of level {system.mlps_level} and has no filing number",
                )
