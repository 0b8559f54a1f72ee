"""Book values by the public-asset rules: 财会〔2017〕4号, application guide of 政府会计准则第3号——固定资产.

Straight line by months, from the month of purchase on, without residual value; the years are the guide's least for the kind of thing.
"""

from __future__ import annotations

from datetime import date

from inventory.model import Asset

LEAST_YEARS = {
    "server": 6,  # 计算机设备
    "storage": 6,
    "terminal": 6,
    "switch": 6,  # 计算机设备: network devices are among them (GB/T 14885-2010, 2010000; 通信设备, 2310000, are others)
    "ups": 5,  # 电气设备
    "other": 5,
}


def life_years(asset: Asset) -> int:
    return asset.life_years or LEAST_YEARS[asset.kind]


def months_used(purchased: date, as_of: date) -> int:
    """Months of depreciation by the end of `as_of`'s month: the month of purchase counts."""
    return max(0, (as_of.year - purchased.year) * 12 + as_of.month - purchased.month + 1)


def book_value(original_cny: float, purchased: date, years: int, as_of: date) -> float:
    """CNY left of the original value, never below 0."""
    left = max(0, years * 12 - months_used(purchased, as_of))
    return round(original_cny * left / (years * 12), 2)
