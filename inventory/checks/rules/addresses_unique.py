"""INV-007: two hosts do not share an address."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv6Address

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.checks.hosts import hosts
from inventory.model import Estate


class AddressesUnique(Check):
    id, severity = "INV-007", Severity.ERROR
    title = Text(zh="两台主机地址相同", en="Two hosts have one address")
    reason = Text(
        zh="地址冲突会使两台主机时通时断（RFC 4862 第5.4节要求地址唯一）。",
        en="Two hosts with one address cut each other off (RFC 4862, section 5.4 demands unique addresses).",
    )
    advice = Text(
        zh="到现场核对，为其中一台改换地址。",
        en="Look on site, and give one of them another address.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        owners: dict[IPv6Address, str] = {}
        for subject, column, _, address in hosts(estate):
            if address in owners:
                yield self.finding(estate, subject, column, zh=f"{address} 已属于 {owners[address]}", en=f"{address} belongs to {owners[address]} already")
            else:
                owners[address] = subject
