"""INV-010: LANs of one VPN do not overlap, nor those of the public zone the plan's blocks."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv6Network

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class LanPrefixes(Check):
    id, severity = "INV-010", Severity.ERROR
    title = Text(zh="网段重叠", en="LAN prefixes overlap")
    reason = Text(
        zh="同一 VPN 内网段重叠，流量会送到错误的单位。",
        en="Overlapping prefixes in one VPN deliver a unit's traffic to another.",
    )
    advice = Text(
        zh="为后登记的网段重新分配前缀。",
        en="Give the later LAN another prefix.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        plan = estate.plan
        blocks = {"loopbacks": plan.loopbacks, "links": plan.links, "services": plan.services, "locators": plan.locators}
        for vpn in {None, *(lan.vpn for lan in estate.lans.values())}:
            taken = [(lan.prefix, lan.id) for lan in estate.lans.values() if lan.vpn == vpn]
            if vpn is None:
                taken += [(block, name) for name, block in blocks.items()]
            for (prefix, owner), (other, name) in overlaps(sorted(taken, key=lambda one: (one[0].network_address, one[0].prefixlen, one[1]))):
                lan = name if name in estate.lans else owner
                subject, column = (lan, "prefix") if lan in estate.lans else ("plan", name)
                zh = f"{other}（{name}）与 {prefix}（{owner}）重叠"
                yield self.finding(estate, subject, column, zh=zh, en=f"{other} of {name} overlaps {prefix} of {owner}")


Named = tuple[IPv6Network, str]


def overlaps(networks: list[Named]) -> Iterator[tuple[Named, Named]]:
    """Pairs that overlap, of networks sorted by address and then length: a later one lies within an earlier one that is still open."""
    opened: list[Named] = []
    for network in networks:
        while opened and opened[-1][0].broadcast_address < network[0].network_address:
            opened.pop()
        if opened:
            yield opened[-1], network
        opened.append(network)
