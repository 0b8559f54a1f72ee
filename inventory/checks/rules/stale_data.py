"""INV-046: a data resource is as fresh as it promises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from inventory.checks.base import DatedCheck, Finding, Text
from inventory.model import Estate

TIMES = 2  # of the promised interval: one missed update may be a holiday


class StaleData(DatedCheck):
    id = "INV-046"
    title = Text(zh="数据资源逾期未更新", en="A data resource is staler than it promises")
    reason = Text(
        zh="提供部门应及时更新，保障数据的完整性、准确性、时效性（国发〔2016〕51号）；逾期数据会误导办事。",
        en="The provider keeps its data complete, accurate and fresh (国发〔2016〕51号); stale data misleads those who rely on it.",
    )
    advice = Text(
        zh="催办更新；更新周期本身过短的，由提供部门修订目录。",
        en="Have it updated; if the promise is too short, let the unit change it.",
    )

    def run(self, estate: Estate, day: date) -> Iterator[Finding]:
        for resource in estate.data_resources.values():
            if not resource.update_days:
                continue
            late = (day - resource.updated).days if resource.updated else None
            if late is None:
                yield self.finding(
                    estate,
                    resource.id,
                    "updated",
                    zh=f"{resource.name} 应每 {resource.update_days} 天更新，无更新记录",
                    en=f"{resource.id} promises an update every {resource.update_days} days, and has none",
                )
            elif late > TIMES * resource.update_days:
                yield self.finding(
                    estate,
                    resource.id,
                    "updated",
                    zh=f"{resource.name} 应每 {resource.update_days} 天更新，已 {late} 天未更新",
                    en=f"{resource.id} promises an update every {resource.update_days} days; the last was {late} days ago",
                )
