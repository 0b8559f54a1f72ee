"""INV-056: a running system names its vendor and the end of its contract."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class Maintainers(Check):
    id, severity = "INV-056", Severity.WARNING
    title = Text(zh="运行系统未登记厂商或合同", en="A running system names no vendor, or no contract end")
    reason = Text(
        zh="无厂商、无合同的系统出现故障时无人负责，也是“僵尸”系统的常见特征。",
        en="Nobody answers for a system without vendor or contract; that is also how zombies look.",
    )
    advice = Text(
        zh="补登厂商与合同止期；自行运维的，厂商填本单位名称。",
        en="Fill them in; a unit that maintains it itself is the vendor.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for system in estate.systems.values():
            if system.status == "running" and not (system.vendor and system.contract_end):
                column = "contract_end" if system.vendor else "vendor"
                what = ("合同止期", "contract end") if system.vendor else ("厂商", "vendor")
                yield self.finding(estate, system.id, column, zh=f"{system.name} 未登记{what[0]}", en=f"{system.id} names no {what[1]}")
