"""INV-006: an address lies in its LAN, and a LAN's own two addresses are nobody else's."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.checks.hosts import hosts
from inventory.model import Estate


class AddressesInLans(Check):
    id, severity = "INV-006", Severity.ERROR
    title = Text(zh="地址不在所属网段", en="An address lies outside its LAN")
    reason = Text(
        zh="地址不属于网段时，路由器不会为它转发，迁移与割接都会在这台主机上失败。",
        en="A router does not forward to an address outside its network: cut-over fails at this host.",
    )
    advice = Text(
        zh="核对主机实际地址，改正 address 或 lan。",
        en="Look the host's real address up, and correct `address` or `lan`.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for subject, column, lan_id, address in hosts(estate):
            lan = estate.lans.get(lan_id)
            if lan is None:
                continue
            if address not in lan.prefix:
                yield self.finding(
                    estate, subject, column, zh=f"{address} 不在 {lan.id} 的 {lan.prefix} 内", en=f"{address} lies outside {lan.prefix} of {lan.id}"
                )
            elif int(address) - int(lan.prefix.network_address) in (0, 1):
                yield self.finding(
                    estate, subject, column, zh=f"{address} 是 {lan.id} 网关或网段自身的地址", en=f"{address} belongs to {lan.id} itself (its gateway)"
                )
