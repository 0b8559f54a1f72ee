"""INV-035: a device has a link, an edge device two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate

LINKS = 2


class LoneDevices(Check):
    id, severity = "INV-035", Severity.WARNING
    title = Text(zh="设备链路不足", en="A device has fewer links than it should")
    reason = Text(
        zh="单链路设备一断即脱网，政务外网边缘应双归（GB/T 22239-2019 三级：通信线路、关键网络设备硬件冗余）。",
        en="A device with one link is cut off by one failure (GB/T 22239-2019, level 3: redundant lines and key network devices).",
    )
    advice = Text(
        zh="补登第二条链路，或列入双归改造计划。",
        en="Record the second link, or plan one.",
    )

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
