"""INV-025: what the planner gave is given to one owner, and lies in its block."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv6Network
from socket import AF_INET6, inet_pton

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class Allocations(Check):
    id, severity = "INV-025", Severity.ERROR
    title = Text(zh="已分配的值重复或超出地址段", en="An allocation is given twice or lies outside its block")
    reason = Text(
        zh="规划值一旦分配不得重复或越界：重复的环回地址、SID 会使全省路由出错。",
        en="What the planner gave must stay unique and in its block: a doubled loopback or SID breaks routing province-wide.",
    )
    advice = Text(
        zh="恢复 allocations.csv 的历史版本；该文件只追加、不改动。",
        en="Restore allocations.csv from git: rows of it are added and never changed.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        blocks = {"loopback": estate.plan.loopbacks, "link": estate.plan.links, "locator": estate.plan.locators}
        owners: dict[tuple[str, str], str] = {}
        for row in estate.allocations:
            subject = f"allocation:{row.kind}:{row.owner}"
            if row.kind != "sid-function":
                first = owners.setdefault((row.kind, row.value), row.owner)
                if first != row.owner:
                    yield self.finding(
                        estate, subject, "value", zh=f"{row.value} 已分配给 {first}", en=f"{row.value} belongs to {first} already, and here to {row.owner}"
                    )
            block = blocks.get(row.kind)
            if block is not None and not _within(row.value, block):
                yield self.finding(estate, subject, "value", zh=f"{row.value} 不在 {block} 内", en=f"{row.value} is no prefix within {block}")


def _within(text: str, block: IPv6Network) -> bool:
    """Whether it is an IPv6 prefix without host bits inside `block`; by the C library, since a large province has tens of thousands."""
    address, slash, digits = text.partition("/")
    if slash and not (digits.isascii() and digits.isdigit()):
        return False
    try:
        first, length = int.from_bytes(inet_pton(AF_INET6, address)), int(digits or block.max_prefixlen)
    except (OSError, ValueError):
        return False
    if not block.prefixlen <= length <= block.max_prefixlen or first & ((1 << block.max_prefixlen - length) - 1):
        return False
    return first >> block.max_prefixlen - block.prefixlen == int(block.network_address) >> block.max_prefixlen - block.prefixlen
