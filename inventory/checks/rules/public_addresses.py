"""INV-060: a public address names the egress that it leaves by."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class PublicAddresses(Check):
    id, severity = "INV-060", Severity.WARNING
    title = Text(zh="公网地址未写明出口", en="A public address names no egress")
    reason = Text(
        zh="不知从哪里通告的公网地址，可能在私设的出口上，也可能已被收回。",
        en="A public address that leaves nobody knows where may be on an egress that nobody registered, or given back.",
    )
    advice = Text(
        zh="核实通告位置，填写 egress；已退还的删除该行。",
        en="Find out where it is announced, and fill in `egress`; remove what was given back.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for row in estate.addresses.values():
            if row.egress is None and row.prefix.is_global:
                yield self.finding(estate, row.id, "egress", zh=f"{row.prefix} 是公网地址，未写明出口", en=f"{row.prefix} is public, and names no egress")
