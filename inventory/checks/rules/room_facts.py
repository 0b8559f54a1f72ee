"""INV-064: a machine room that is in use has a level and people who run it."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate, RoomStatus


class RoomFacts(Check):
    id, severity = "INV-064", Severity.WARNING
    title = Text(zh="机房未定级或无运维人员", en="A machine room has no level, or nobody who runs it")
    reason = Text(
        zh="机房应按 GB 50174-2017 分为 A、B、C 三级；无人值守、无级别的机房断电断网时无人处置，应优先撤并。",
        en="GB 50174-2017 grades rooms A, B, C; one without grade or staff is the first to be closed.",
    )
    advice = Text(
        zh="补登级别与人数；确实无人管理的列入撤并计划。",
        en="Fill both in; plan the closing of one that nobody runs.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for room in estate.rooms.values():
            if room.status is not RoomStatus.SURVEYED or (room.level and room.staff):
                continue
            lacks = [pair for pair, there in ((("级别", "level"), room.level), (("运维人员", "staff"), room.staff)) if not there]
            yield self.finding(
                estate,
                room.id,
                lacks[0][1],
                zh=f"{room.name} 未登记{'、'.join(zh for zh, _ in lacks)}",
                en=f"{room.id} has no {' and no '.join(en for _, en in lacks)}",
            )
