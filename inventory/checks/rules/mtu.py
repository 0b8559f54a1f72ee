"""INV-013: a link carries the largest packet of any LAN plus the SRv6 encapsulation (RFC 8986: an IPv6 header, 40 bytes)."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Title
from inventory.model import Estate

ENCAPSULATION = 40  # bytes


class Mtu(Check):
    id, severity = "INV-013", Severity.ERROR
    title = Title(zh="链路 MTU 不足", en="A link's MTU is too small for the encapsulation")

    def run(self, estate: Estate) -> Iterator[Finding]:
        largest = max((lan.mtu for lan in estate.lans.values()), default=0)
        for link in estate.links.values():
            if link.mtu < largest + ENCAPSULATION:
                need = largest + ENCAPSULATION
                yield self.finding(
                    estate,
                    link.id,
                    "mtu",
                    zh=f"MTU {link.mtu} 小于 {need}（最大局域网 {largest} + 封装 {ENCAPSULATION}）",
                    en=f"{link.mtu} is less than {need}: the largest LAN's {largest} and {ENCAPSULATION} of encapsulation",
                )
