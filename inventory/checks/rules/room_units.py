"""INV-036: a room stands in the region of the unit that runs it."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Title
from inventory.model import Estate


class RoomUnits(Check):
    id, severity = "INV-036", Severity.WARNING
    title = Title(zh="机房与管理单位不在同一地区", en="A room and its unit are in different regions")

    def run(self, estate: Estate) -> Iterator[Finding]:
        for room in estate.rooms.values():
            site, unit = estate.sites.get(room.site), estate.units.get(room.unit)
            if site and unit and site.region != unit.region:
                yield self.finding(
                    estate,
                    room.id,
                    "unit",
                    zh=f"机房在 {site.region}，单位 {unit.name} 在 {unit.region}",
                    en=f"the room is in {site.region}, its unit {unit.id} in {unit.region}",
                )
