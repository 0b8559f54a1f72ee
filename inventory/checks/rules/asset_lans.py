"""INV-061: an asset's LAN is that of its room."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class AssetLans(Check):
    id, severity = "INV-061", Severity.WARNING
    title = Text(zh="资产网段属于别的机房", en="An asset's LAN belongs to another room")
    reason = Text(
        zh="资产所在机房与网段不一致，迁移和断电时会影响到错误的地方。",
        en="When room and LAN differ, one of them is wrong, and a closing reaches the wrong place.",
    )
    advice = Text(
        zh="现场核对，改正 room 或 lan。",
        en="Look on site, and correct `room` or `lan`.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for asset in estate.assets.values():
            lan = estate.lans.get(asset.lan or "")
            if lan and lan.room and asset.room and lan.room != asset.room:
                yield self.finding(
                    estate, asset.id, "lan", zh=f"资产在 {asset.room}，{lan.id} 属于 {lan.room}", en=f"it stands in {asset.room}, and {lan.id} is of {lan.room}"
                )
