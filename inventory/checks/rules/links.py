"""INV-012: a link joins two devices, and two devices have one link of a name."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Title
from inventory.model import Estate


class Links(Check):
    id, severity = "INV-012", Severity.ERROR
    title = Title(zh="链路两端相同", en="A link joins a device with itself")

    def run(self, estate: Estate) -> Iterator[Finding]:
        for link in estate.links.values():
            if link.a == link.b:
                yield self.finding(estate, link.id, "b", zh=f"{link.id} 两端都是 {link.a}", en=f"{link.id} joins {link.a} with itself")
