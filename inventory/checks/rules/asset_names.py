"""INV-071: assets of one room have different names."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import AssetStatus, Estate


class AssetNames(Check):
    id, severity = "INV-071", Severity.WARNING
    title = Text(zh="同一机房资产重名", en="Two assets of a room have one name")
    reason = Text(
        zh="同机房同名资产往往是重复登记，盘点时无法对号。",
        en="Two of one name in a room are often one thing twice; nobody can tell them apart at the stock-taking.",
    )
    advice = Text(
        zh="核对实物；重复登记的删除一行，确为两台的改名。",
        en="Look at them: remove the row that is double, or rename one.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        first: dict[tuple[str, str], str] = {}
        for asset in estate.assets.values():
            if asset.room and asset.status is not AssetStatus.DISPOSED:
                other = first.setdefault((asset.room, asset.name), asset.id)
                if other != asset.id:
                    yield self.finding(
                        estate,
                        asset.id,
                        "name",
                        zh=f"{asset.room} 中已有 {asset.name}（{other}）",
                        en=f"{asset.name} is the name of {other} in {asset.room} already",
                    )
