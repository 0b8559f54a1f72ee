"""INV-073: days of the past are past, and nothing was used before it was in service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from inventory.checks.base import DatedCheck, Finding, Text
from inventory.model import Estate

# What has happened, by table.
PAST = {
    ("systems", "系统"): ("last_used", "mlps_tested", "crypto_assessed"),
    ("assets", "资产"): ("purchased",),
    ("data_resources", "数据资源"): ("updated",),
    ("data_needs", "数据需求"): ("asked",),
    ("decisions", "决定"): ("on",),
}


class DateOrder(DatedCheck):
    id = "INV-073"
    title = Text(zh="日期先后矛盾或在未来", en="A day is in the future, or before another that it must follow")
    reason = Text(
        zh="日期写错会使“僵尸”识别、折旧、测评与更新期限全部算错。",
        en="A wrong day spoils the search for zombies, depreciation and every deadline.",
    )
    advice = Text(
        zh="对照原始记录改正日期。",
        en="Correct it from the original record.",
    )

    def run(self, estate: Estate, day: date) -> Iterator[Finding]:
        for (table, subject), columns in PAST.items():
            for key, row in getattr(estate, table).items():
                for column in columns:
                    value = getattr(row, column)
                    if value is not None and value > day:
                        yield self.finding(
                            estate, key, column, zh=f"{subject} {key} 的 {column} 为 {value}，晚于 {day}", en=f"{column} is {value}, after {day}"
                        )
        for system in estate.systems.values():
            if system.last_used and system.in_service and system.last_used < system.in_service:
                yield self.finding(
                    estate,
                    system.id,
                    "last_used",
                    zh=f"最后使用 {system.last_used} 早于上线 {system.in_service}",
                    en=f"last used on {system.last_used}, and in service since {system.in_service}",
                )
