"""INV-008: an asset with an address names its LAN."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Title
from inventory.model import Estate


class AddressesNeedLans(Check):
    id, severity = "INV-008", Severity.ERROR
    title = Title(zh="有地址而无网段", en="An asset has an address and no LAN")

    def run(self, estate: Estate) -> Iterator[Finding]:
        for asset in estate.assets.values():
            if asset.address and not asset.lan:
                yield self.finding(
                    estate,
                    asset.id,
                    "lan",
                    zh=f"{asset.name} 有地址 {asset.address} 而未写明网段",
                    en=f"{asset.id} has the address {asset.address} and names no LAN",
                )
