"""INV-074: one recovery within its objective does not already break the promised availability."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate

YEAR = 365 * 24 * 60  # minutes


class RecoveryTimes(Check):
    id, severity = "INV-074", Severity.WARNING
    title = Text(zh="恢复时间目标与可用性承诺矛盾", en="A recovery objective breaks the promised availability")
    reason = Text(
        zh="可用性按年计：99.9% 每年允许中断 525.6 分钟；恢复时间目标比这还长，一次故障就违约（GB/T 20988-2025 恢复时间目标）。",
        en="99.9 % of a year leaves 525.6 minutes: with a longer recovery time (GB/T 20988-2025) one failure breaks the promise.",
    )
    advice = Text(
        zh="调低可用性承诺，或缩短 RTO 并配备相应灾备。",
        en="Promise less, or recover faster and pay for it.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for system in estate.systems.values():
            if system.availability_percent is None or system.rto_minutes is None or system.status == "retired":
                continue
            allowed = (100 - system.availability_percent) / 100 * YEAR
            if system.rto_minutes > allowed:
                yield self.finding(
                    estate,
                    system.id,
                    "rto_minutes",
                    zh=f"RTO {system.rto_minutes} 分钟，而可用性 {system.availability_percent:g}% 每年只允许中断 {allowed:.0f} 分钟",
                    en=f"recovery in {system.rto_minutes} minutes; {system.availability_percent:g} % of a year leave {allowed:.0f}",
                )
