"""INV-014: a system stands in a room or in a cloud, never in both, and only a retired one in neither."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class SystemsPlaced(Check):
    id, severity = "INV-014", Severity.ERROR
    title = Text(zh="系统位置不唯一", en="A system stands in both a room and a cloud, or in neither")
    reason = Text(
        zh="系统在哪里决定它由谁供电、谁备份、随哪个机房腾退。",
        en="Where a system stands decides who backs it up and which closing takes it along.",
    )
    advice = Text(
        zh="只保留 room 或 cloud 之一；已下线的改为 retired。",
        en="Keep one of `room` and `cloud`; set a system that is gone to `retired`.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for system in estate.systems.values():
            if system.room and system.cloud:
                yield self.finding(
                    estate, system.id, "cloud", zh=f"同时在机房 {system.room} 与云 {system.cloud}", en=f"it stands in {system.room} and in {system.cloud}"
                )
            elif not system.room and not system.cloud and system.status != "retired":
                yield self.finding(estate, system.id, "room", zh="既不在机房也不在云上", en="it stands in no room and in no cloud, and is not retired")
