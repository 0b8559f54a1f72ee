"""INV-013: a link carries the largest packet of any LAN plus the SRv6 encapsulation (RFC 8986: an IPv6 header, 40 bytes)."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.base import OUTSIDE_BACKBONE
from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate

ENCAPSULATION = 40  # bytes


class Mtu(Check):
    id, severity = "INV-013", Severity.ERROR
    title = Text(zh="链路 MTU 不足", en="A link's MTU is too small for the encapsulation")
    reason = Text(
        zh="SRv6 封装增加 40 字节以上，MTU 不足会丢弃大包（RFC 8986、RFC 8200）。",
        en="SRv6 adds 40 bytes and more: large packets are dropped on a link that is too small (RFC 8986, RFC 8200).",
    )
    advice = Text(
        zh="把链路两端 MTU 调大（骨干 9000），或调小局域网 MTU。",
        en="Raise the MTU at both ends (9000 in the backbone), or lower the LANs'.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        largest = max((lan.mtu for lan in estate.lans.values()), default=0)
        for link in estate.links.values():
            ends = {estate.devices[end].role for end in (link.a, link.b) if end in estate.devices}
            need = largest + (0 if ends & OUTSIDE_BACKBONE else ENCAPSULATION)
            if link.mtu < need:
                yield self.finding(
                    estate,
                    link.id,
                    "mtu",
                    zh=f"MTU {link.mtu} 小于 {need}（最大局域网 {largest} + 封装 {need - largest}）",
                    en=f"{link.mtu} is less than {need}: the largest LAN's {largest} and {need - largest} of encapsulation",
                )
