"""INV-011: an interface of a device is used once."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class Interfaces(Check):
    id, severity = "INV-011", Severity.ERROR
    title = Text(zh="接口重复使用", en="An interface is used twice")
    reason = Text(
        zh="一个物理接口只能接一条链路或一个网段，重复说明台账有误。",
        en="A port holds one cable: used twice, one of the rows is wrong.",
    )
    advice = Text(
        zh="到设备上核对接口（display interface），改正其中一行。",
        en="Look at the device (`display interface`), and correct one of the rows.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        owners: dict[tuple[str, str], str] = {}
        used = [(link.id, end, getattr(link, end), getattr(link, f"{end}_interface")) for link in estate.links.values() for end in ("a", "b")]
        used += [(lan.id, "", lan.device, lan.interface) for lan in estate.lans.values()]
        for subject, end, device, interface in used:
            if (device, interface) in owners:
                other = owners[device, interface]
                column = f"{end}_interface" if end else "interface"
                yield self.finding(
                    estate, subject, column, zh=f"{device} 的 {interface} 已用于 {other}", en=f"{interface} of {device} is used by {other} already"
                )
            else:
                owners[device, interface] = subject
