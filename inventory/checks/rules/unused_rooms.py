"""INV-066: a machine room holds a system."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate, RoomStatus


class UnusedRooms(Check):
    id, severity = "INV-066", Severity.WARNING
    title = Text(zh="机房内没有系统", en="A machine room holds no system")
    reason = Text(
        zh="没有系统的机房仍在耗电、占用场地，应优先撤并（逐步撤并各级各部门现有机房和 IT 资产）。",
        en="A room without systems still costs power and space: it is the first to be closed.",
    )
    advice = Text(
        zh="核实后启动腾退与关闭，或补登遗漏的系统。",
        en="Begin its closing, or record the systems that were left out.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        used = {system.room for system in estate.systems.values() if system.status != "retired"}
        for room in estate.rooms.values():
            if room.status is RoomStatus.SURVEYED and room.id not in used:
                yield self.finding(estate, room.id, "status", zh=f"{room.name} 没有在用系统，可撤并", en=f"{room.id} holds no system and could be closed")
