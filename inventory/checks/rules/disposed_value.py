"""INV-069: a disposed asset has no book value."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import AssetStatus, Estate


class DisposedValue(Check):
    id, severity = "INV-069", Severity.WARNING
    title = Text(zh="已处置资产仍有账面价值", en="A disposed asset still has a book value")
    reason = Text(
        zh="政府会计准则第3号——固定资产应用指南（财会〔2017〕4号）规定折旧年限与方法；行政事业性国有资产管理条例（国务院令第738号）第三十四条要求账实相符。",
        en="财会〔2017〕4号 sets lives and method of depreciation; 国务院令第738号, article 34, wants books and things to agree.",
    )
    advice = Text(
        zh="处置批复后及时核销，账面价值改为 0。",
        en="Write it off, and set its book value to 0.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for asset in estate.assets.values():
            if asset.status is AssetStatus.DISPOSED and asset.book_value_cny:
                yield self.finding(
                    estate,
                    asset.id,
                    "book_value_cny",
                    zh=f"{asset.name} 已处置，账面 {asset.book_value_cny:.2f} 元",
                    en=f"{asset.id} is disposed of and stands in the books with {asset.book_value_cny:.2f} CNY",
                )
