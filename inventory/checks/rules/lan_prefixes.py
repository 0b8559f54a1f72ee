"""INV-010: LANs of one VPN do not overlap, nor those of the public zone the plan's blocks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network

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
        taken: dict[tuple[str | None, int], list[Span]] = defaultdict(list)  # by VPN and version
        for lan in estate.lans.values():
            taken[lan.vpn, 6].append(_span(lan.prefix, lan.id))
            if lan.prefix4:
                taken[lan.vpn, 4].append(_span(lan.prefix4, lan.id))
        plan = estate.plan
        blocks = {"loopbacks": plan.loopbacks, "links": plan.links, "services": plan.services, "locators": plan.locators}
        places = {name: f"plan:{name}" for name in blocks}
        blocks |= {f"flex_algos of {flex.name}": flex.locators for flex in estate.network.flex_algos}
        places |= {f"flex_algos of {flex.name}": f"extranet:flex_algos:{flex.name}" for flex in estate.network.flex_algos}
        taken[None, 6] += [_span(block, name) for name, block in blocks.items()]
        for spans in taken.values():
            for one, other in overlaps(sorted(spans)):
                owner, name = one[2], other[2]
                lan_id = name if name in estate.lans else owner
                subject, column = (lan_id, "prefix" if other[3].version == 6 else "prefix4") if lan_id in estate.lans else ("plan", name)
                zh = f"{other[3]}（{name}）与 {one[3]}（{owner}）重叠"
                yield self.finding(estate, subject, column, zh=zh, en=f"{other[3]} of {name} overlaps {one[3]} of {owner}", at=places.get(column, subject))


# First address as a number, the last one's negative, whose it is, and the prefix: sorted, the widest of those that begin together comes first.
Span = tuple[int, int, str, IPv4Network | IPv6Network]


def _span(prefix: IPv4Network | IPv6Network, owner: str) -> Span:
    first = int(prefix.network_address)
    return first, 1 - first - (1 << (prefix.max_prefixlen - prefix.prefixlen)), owner, prefix


def overlaps(spans: list[Span]) -> Iterator[tuple[Span, Span]]:
    """Pairs that overlap, of sorted spans: a later one lies within an earlier one that is still open."""
    opened: list[Span] = []
    for span in spans:
        while opened and -opened[-1][1] < span[0]:
            opened.pop()
        if opened:
            yield opened[-1], span
        opened.append(span)
