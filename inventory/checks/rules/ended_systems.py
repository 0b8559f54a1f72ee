"""INV-053: servers run operating systems that their makers still mend."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from inventory.checks.base import DatedCheck, Finding, Text
from inventory.checks.eol import counted, ended
from inventory.checks.lists import grouped, some
from inventory.model import AssetStatus, Estate


class EndedOperatingSystems(DatedCheck):
    id = "INV-053"
    title = Text(zh="操作系统已停止支持", en="Servers run operating systems at their end of life")
    reason = Text(
        zh="停止支持的产品不再有安全补丁，已知漏洞无法修补（GB/T 22239-2019 入侵防范：应及时修补漏洞）；停止支持日期见 inventory/checks/eol.csv 及其来源。",
        en="A product at its end gets no more patches (GB/T 22239-2019 wants known holes mended); dates and sources: inventory/checks/eol.csv.",
    )
    advice = Text(
        zh="迁移上云时改用受支持的（信创）操作系统；短期内不能更换的，隔离并列入基线。",
        en="Move to a supported (Xinchuang) system with the migration; until then isolate it, and accept it in the baseline.",
    )

    def run(self, estate: Estate, day: date) -> Iterator[Finding]:
        old = (asset for asset in estate.assets.values() if asset.os and asset.status is AssetStatus.IN_USE and ended(asset.os, day))
        for place, assets in grouped(old, lambda asset: asset.room or asset.id).items():
            zh, en = some([asset.id for asset in assets])
            what = counted(asset.os for asset in assets)
            yield self.finding(
                estate, place, "os", at=assets[0].id, zh=f"操作系统已停止支持：{what}（{zh}）", en=f"operating systems at their end: {what} ({en})"
            )
