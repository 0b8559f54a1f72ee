"""INV-008: an asset with an address names its LAN."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class AddressesNeedLans(Check):
    id, severity = "INV-008", Severity.ERROR
    title = Text(zh="有地址而无网段", en="An asset has an address and no LAN")
    reason = Text(
        zh="只有地址而无网段，无法确定主机接在哪台路由器上，也无法规划访问控制。",
        en="An address without a LAN does not tell which router the host is behind, so nothing can be planned for it.",
    )
    advice = Text(
        zh="填写 lan，或删去无效的地址。",
        en="Fill in `lan`, or take the address away.",
    )

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
