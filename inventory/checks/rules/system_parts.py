"""INV-083: a running system in a machine room lists its components."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class SystemParts(Check):
    id, severity = "INV-083", Severity.WARNING
    title = Text(zh="机房内运行系统未登记组件", en="A running system in a room lists no components")
    reason = Text(
        zh="不知道系统由哪些组件、运行在哪些主机上，就无法评估和迁移，机房也腾不空。",
        en="Without components nobody knows what to move, and the room is never empty.",
    )
    advice = Text(
        zh="由单位补登 Web、应用、数据库组件及其主机。",
        en="Let the unit list its web, application and database components with their hosts.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        known = {part.system for part in estate.components.values()}
        without = (one for one in estate.systems.values() if one.status == "running" and one.room and not one.classified and one.id not in known)
        for system in without:
            yield self.finding(estate, system.id, "id", zh=f"{system.name} 没有登记组件", en=f"{system.id} lists no components")
