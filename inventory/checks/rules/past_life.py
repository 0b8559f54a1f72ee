"""INV-067: servers and storage are not used long past their depreciation life."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from inventory.checks.base import DatedCheck, Finding, Text
from inventory.checks.lists import grouped, some
from inventory.depreciation import life_years, months_used
from inventory.model import AssetStatus, Estate

KINDS = ("server", "storage")
GRACE = 2  # years


class PastLife(DatedCheck):
    id = "INV-067"
    title = Text(zh="服务器超出折旧年限仍在用", en="Servers are in use long past their depreciation life")
    reason = Text(
        zh="计算机设备最低折旧年限 6 年（财会〔2017〕4号）；超期两年以上的设备故障率高、备件难寻，不宜再承载业务。",
        en="Computers depreciate over 6 years at least (财会〔2017〕4号); two years later parts are hard to find and failures frequent.",
    )
    advice = Text(
        zh="随迁移上云腾退，按规定报废处置；不要为其新购维保。",
        en="Empty them with the migration and dispose of them; buy no further maintenance.",
    )

    def run(self, estate: Estate, day: date) -> Iterator[Finding]:
        old = (
            asset
            for asset in estate.assets.values()
            if asset.kind in KINDS and asset.status is AssetStatus.IN_USE and months_used(asset.purchased, day) > 12 * (life_years(asset) + GRACE)
        )
        for place, assets in grouped(old, lambda asset: asset.room or asset.id).items():
            zh, en = some([asset.id for asset in assets])
            first = min(asset.purchased for asset in assets)
            yield self.finding(
                estate,
                place,
                "purchased",
                at=assets[0].id,
                zh=f"{len(assets)} 台超期在用，最早购于 {first}：{zh}",
                en=f"{len(assets)} past their life, the oldest of {first}: {en}",
            )
