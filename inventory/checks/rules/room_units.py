"""INV-036: a room stands in the region of the unit that runs it."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class RoomUnits(Check):
    id, severity = "INV-036", Severity.WARNING
    title = Text(zh="机房与管理单位不在同一地区", en="A room and its unit are in different regions")
    reason = Text(
        zh="管理单位与机房异地，常见于撤并后台账未更新，会使责任落空。",
        en="A room run from another region is often a leftover of a merger: nobody answers for it.",
    )
    advice = Text(
        zh="核实管理单位；确为异地托管的，列入基线并写明原因。",
        en="Confirm who runs it; if that is really elsewhere, accept it in the baseline with the reason.",
    )

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
