"""INV-057: a province, city or county has one way out to the internet."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Egress, Estate


class SingleEgress(Check):
    id, severity = "INV-057", Severity.WARNING
    title = Text(zh="同一地区有多个互联网出口", en="A region has several ways out to the internet")
    reason = Text(
        zh="省市县三级分别实现互联网统一出口（数字政府实施方案、规范各部门互联网接入）；出口越多，攻击面与监测成本越大。",
        en="The plan wants one way out at each level; each further one is one more to guard and to watch.",
    )
    advice = Text(
        zh="把多余出口并入本级统一出口后拆除；同一出口的备用线路登记为一个出口。",
        en="Merge the further ones into the region's own; a spare line of one egress is no second egress.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        first: dict[str, Egress] = {}
        for egress in estate.egresses.values():
            site = estate.sites.get(egress.site)
            if site is None:
                continue
            one = first.setdefault(site.region, egress)
            if one is not egress:
                yield self.finding(estate, egress.id, "site", zh=f"{site.region} 已有出口 {one.id}（{one.name}）", en=f"{site.region} has {one.id} already")
