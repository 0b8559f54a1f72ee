"""INV-084: a filing number is one system's."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class FilingNumbers(Check):
    id, severity = "INV-084", Severity.WARNING
    title = Text(zh="等保备案号重复", en="Two systems have one MLPS filing number")
    reason = Text(
        zh="备案证明按定级对象逐一核发（信息安全等级保护管理办法第十五条、第十七条）；一号多用说明有系统未备案。",
        en="A number is given for one graded object (信息安全等级保护管理办法, articles 15 and 17): used twice, one of them is not filed.",
    )
    advice = Text(
        zh="核对备案证明，为未备案的系统办理备案。",
        en="Check the certificates, and file the one that is not.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        first: dict[str, str] = {}
        for system in estate.systems.values():
            if system.mlps_filing and system.status != "retired":
                other = first.setdefault(system.mlps_filing, system.id)
                if other != system.id:
                    yield self.finding(
                        estate,
                        system.id,
                        "mlps_filing",
                        zh=f"备案号 {system.mlps_filing} 已属于 {other}",
                        en=f"{system.mlps_filing} is the number of {other} already",
                    )
