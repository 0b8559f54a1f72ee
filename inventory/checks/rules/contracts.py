"""INV-055: a running system's maintenance contract goes on for a quarter at least."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from inventory.checks.base import DatedCheck, Finding, Text
from inventory.model import Estate

AHEAD = 90  # days


class Contracts(DatedCheck):
    id = "INV-055"
    title = Text(zh="运维合同已到期或即将到期", en="A maintenance contract has ended, or ends soon")
    reason = Text(
        zh="合同到期后故障与漏洞无人处理；政府采购从立项到签约通常需要一个季度。",
        en="After its end nobody mends faults; a government purchase takes about a quarter.",
    )
    advice = Text(
        zh="启动续签或采购；拟下线的作出清理决定。",
        en="Begin the purchase, or decide to retire the system.",
    )

    def run(self, estate: Estate, day: date) -> Iterator[Finding]:
        for system in estate.systems.values():
            if system.status != "running" or system.contract_end is None:
                continue
            left = (system.contract_end - day).days
            if left < 0:
                yield self.finding(
                    estate,
                    system.id,
                    "contract_end",
                    zh=f"{system.name} 的合同已于 {system.contract_end} 到期",
                    en=f"the contract of {system.id} ended on {system.contract_end}",
                )
            elif left <= AHEAD:
                yield self.finding(
                    estate,
                    system.id,
                    "contract_end",
                    zh=f"{system.name} 的合同将于 {system.contract_end} 到期",
                    en=f"the contract of {system.id} ends on {system.contract_end}",
                )
