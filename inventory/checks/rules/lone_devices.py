"""INV-035: a device has a link, an edge device two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Title
from inventory.model import Estate

LINKS = 2


class LoneDevices(Check):
    id, severity = "INV-035", Severity.WARNING
    title = Title(zh="设备链路不足", en="A device has fewer links than it should")

    def run(self, estate: Estate) -> Iterator[Finding]:
        ends = Counter(end for link in estate.links.values() for end in (link.a, link.b))
        for device in estate.devices.values():
            if ends[device.id] < LINKS:
                yield self.finding(
                    estate,
                    device.id,
                    "id",
                    zh=f"{device.name} 只有 {ends[device.id]} 条链路，单点故障即中断",
                    en=f"{device.id} has {ends[device.id]} links: one failure cuts it off",
                )
