"""INV-007: two hosts do not share an address."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv6Address

from inventory.checks.base import Check, Finding, Severity, Title
from inventory.checks.hosts import hosts
from inventory.model import Estate


class AddressesUnique(Check):
    id, severity = "INV-007", Severity.ERROR
    title = Title(zh="两台主机地址相同", en="Two hosts have one address")

    def run(self, estate: Estate) -> Iterator[Finding]:
        owners: dict[IPv6Address, str] = {}
        for subject, column, _, address in hosts(estate):
            if address in owners:
                yield self.finding(estate, subject, column, zh=f"{address} 已属于 {owners[address]}", en=f"{address} belongs to {owners[address]} already")
            else:
                owners[address] = subject
