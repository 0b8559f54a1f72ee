"""INV-005: a region's code lies within its parent's (GB/T 2260: two digits each for province, prefecture and county)."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate, Level

DIGITS = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6}  # a county may stand directly below a province (省直辖县级行政区划)


class RegionCodes(Check):
    id, severity = "INV-005", Severity.ERROR
    title = Text(zh="行政区划代码不属于上级", en="A region's code does not lie within its parent's")
    reason = Text(
        zh="行政区划代码按 GB/T 2260 分层：省、市、县各两位，县级代码以上级代码开头。",
        en="GB/T 2260 codes are layered: two digits each for province, prefecture and county.",
    )
    advice = Text(
        zh="对照民政部当年公布的县以上行政区划代码改正。",
        en="Correct it from the Ministry of Civil Affairs' yearly list.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for code, region in estate.regions.items():
            parent = estate.regions.get(region.parent or "")
            if region.level is Level.PROVINCE:
                if region.parent:
                    yield self.finding(estate, region.id, "parent", zh="省级行政区没有上级", en="a province has no parent")
            elif region.parent is None:
                yield self.finding(estate, region.id, "parent", zh=f"{region.name} 缺少上级", en=f"{code} has no parent")
            elif parent and not (DIGITS[parent.level] < DIGITS[region.level] and code.startswith(parent.code[: DIGITS[parent.level]])):
                yield self.finding(
                    estate, region.id, "parent", zh=f"{code} 不属于 {parent.code}（{parent.name}）", en=f"{code} does not lie within {parent.code}"
                )
