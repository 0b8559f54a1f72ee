"""INV-049: a need is answered within ten working days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from inventory.checks.base import DatedCheck, Finding, Text
from inventory.model import Estate

DAYS = 16


class UnansweredNeeds(DatedCheck):
    id = "INV-049"
    title = Text(zh="数据需求逾期未答复", en="A need was not answered in time")
    reason = Text(
        zh="有条件共享的，提供部门应在 10 个工作日内答复（国发〔2016〕51号）；此处按 16 个自然日计，含一个短假期。",
        en="A provider answers within 10 working days (国发〔2016〕51号); counted as 16 days, which leaves room for a short holiday.",
    )
    advice = Text(
        zh="由数据主管部门督办，并更新需求状态。",
        en="Have the data authority ask the provider, and update the need's status.",
    )

    def run(self, estate: Estate, day: date) -> Iterator[Finding]:
        for need in estate.data_needs.values():
            waited = (day - need.asked).days
            if need.status == "asked" and waited > DAYS:
                yield self.finding(
                    estate, need.id, "status", zh=f"{need.asked} 提出，已 {waited} 天未答复", en=f"it was asked on {need.asked}, {waited} days ago"
                )
