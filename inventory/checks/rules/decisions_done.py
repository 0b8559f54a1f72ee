"""INV-040: what was decided to be merged or retired stops running within a quarter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from inventory.checks.base import DatedCheck, Finding, Text
from inventory.model import Estate
from inventory.overlap import standing

GRACE = 90  # days


class DecisionsDone(DatedCheck):
    id = "INV-040"
    title = Text(zh="已决定下线或整合的系统仍在运行", en="A system that was to be merged or retired still runs")
    reason = Text(
        zh="清理决定作出后仍长期运行，继续占用机房、经费并暴露在攻击之下（清理“僵尸”系统要求）。",
        en="A system that outlives its end still costs money and stays open to attack.",
    )
    advice = Text(
        zh="办结下线或整合并更新状态；确需保留的新增一条 keep 决定。",
        en="Finish it and set its status, or add a decision that keeps it.",
    )

    def run(self, estate: Estate, day: date) -> Iterator[Finding]:
        for decision in standing(estate).values():
            system = estate.systems.get(decision.system)
            if system and system.status == "running" and decision.decision != "keep" and (day - decision.on).days > GRACE:
                yield self.finding(
                    estate,
                    system.id,
                    "status",
                    zh=f"{decision.on} 决定 {decision.decision}，至今仍在运行",
                    en=f"{decision.on}: {decision.decision} was decided, and it still runs",
                )
