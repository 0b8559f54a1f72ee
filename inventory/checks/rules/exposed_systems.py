"""INV-059: what answers at a public address stands in the internet zone and is its holder's."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate, Zone


class ExposedSystems(Check):
    id, severity = "INV-059", Severity.WARNING
    title = Text(zh="公网地址上的系统不在互联网区或不属登记单位", en="A system at a public address is not in the internet zone, or not its holder's")
    reason = Text(
        zh="对外服务应部署在互联网区并与公用区隔离（国家电子政务外网安全等级保护要求）；地址与系统单位不一致时无法溯源。",
        en="What serves the public stands in the internet zone, apart from the rest; an address held by another unit cannot be traced.",
    )
    advice = Text(
        zh="把系统移到互联网区或收回公网地址；改正登记单位。",
        en="Move the system or take the address back; correct the holder.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for row in estate.addresses.values():
            system = estate.systems.get(row.system or "")
            if system is None or row.egress is None:
                continue
            if system.zone is not Zone.INTERNET:
                yield self.finding(
                    estate,
                    row.id,
                    "system",
                    zh=f"{system.id} 在 {system.zone} 区，却有公网地址 {row.prefix}",
                    en=f"{system.id} stands in the zone {system.zone} and answers at {row.prefix}",
                )
            elif system.unit != row.unit:
                yield self.finding(
                    estate,
                    row.id,
                    "unit",
                    zh=f"地址属 {row.unit}，系统属 {system.unit}",
                    en=f"the address is held by {row.unit}, the system is of {system.unit}",
                )
