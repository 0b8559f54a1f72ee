"""INV-068: a book value is what the depreciation rules give."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from inventory.checks.base import DatedCheck, Finding, Text
from inventory.depreciation import book_value, life_years
from inventory.model import AssetStatus, Estate

TOLERANCE = 0.01  # of the original value: rounding of monthly rates
STALE = timedelta(days=366)  # a census may be a year old: values of that time pass too


class BookValues(DatedCheck):
    id = "INV-068"
    title = Text(zh="账面价值与折旧规则不符", en="A book value is not what depreciation gives")
    reason = Text(
        zh="政府会计准则第3号——固定资产应用指南（财会〔2017〕4号）规定折旧年限与方法；行政事业性国有资产管理条例（国务院令第738号）第三十四条要求账实相符。",
        en="财会〔2017〕4号 sets lives and method of depreciation; 国务院令第738号, article 34, wants books and things to agree.",
    )
    advice = Text(
        zh="由财务核对原值、购置日期和折旧年限后更正。",
        en="Let finance check cost, day of purchase and life, and correct it.",
    )

    def run(self, estate: Estate, day: date) -> Iterator[Finding]:
        before = day - STALE
        for asset in estate.assets.values():
            if not asset.original_cny or asset.status is AssetStatus.DISPOSED:
                continue
            years, slack = life_years(asset), TOLERANCE * asset.original_cny
            low = book_value(asset.original_cny, asset.purchased, years, day)
            high = book_value(asset.original_cny, asset.purchased, years, before)
            if not low - slack <= asset.book_value_cny <= high + slack:
                yield self.finding(
                    estate,
                    asset.id,
                    "book_value_cny",
                    zh=f"账面 {asset.book_value_cny:.2f} 元，按 {years} 年折旧应为 {low:.2f} 元（原值 {asset.original_cny:.2f} 元）",
                    en=f"it says {asset.book_value_cny:.2f}; over {years} years {asset.original_cny:.2f} CNY come to {low:.2f}",
                )
