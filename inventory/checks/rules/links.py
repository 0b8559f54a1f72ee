"""INV-012: a link joins two devices, and two devices have one link of a name."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class Links(Check):
    id, severity = "INV-012", Severity.ERROR
    title = Text(zh="链路两端相同", en="A link joins a device with itself")
    reason = Text(
        zh="链路两端应是不同设备，自环链路会使路由计算出错。",
        en="A link joins two devices; one with itself spoils path computation.",
    )
    advice = Text(
        zh="改正链路的一端。",
        en="Correct one end.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for link in estate.links.values():
            if link.a == link.b:
                yield self.finding(estate, link.id, "b", zh=f"{link.id} 两端都是 {link.a}", en=f"{link.id} joins {link.a} with itself")
