"""INV-054: systems are built on databases, middleware and runtimes that their makers still mend."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from inventory.checks.base import DatedCheck, Finding, Text
from inventory.checks.eol import counted, ended
from inventory.checks.lists import grouped, some
from inventory.model import Estate


class EndedProducts(DatedCheck):
    id = "INV-054"
    title = Text(zh="数据库、中间件或运行环境已停止支持", en="Systems are built on products at their end of life")
    reason = Text(
        zh="停止支持的产品不再有安全补丁，已知漏洞无法修补（GB/T 22239-2019 入侵防范：应及时修补漏洞）；停止支持日期见 inventory/checks/eol.csv 及其来源。",
        en="A product at its end gets no more patches (GB/T 22239-2019 wants known holes mended); dates and sources: inventory/checks/eol.csv.",
    )
    advice = Text(
        zh="随迁移升级或替换为受支持的产品；短期内不能更换的，隔离并列入基线。",
        en="Upgrade or replace with the migration; until then isolate it, and accept it in the baseline.",
    )

    def run(self, estate: Estate, day: date) -> Iterator[Finding]:
        running = {system.id: system for system in estate.systems.values() if system.status == "running"}
        used = [(part.system, f"{part.product} {part.version}", part.id, "product") for part in estate.components.values() if part.system in running]
        used += [(system.id, system.runtime, system.id, "runtime") for system in running.values() if system.runtime]
        old = [one for one in used if ended(one[1], day)]
        for place, parts in grouped(old, lambda one: running[one[0]].room or running[one[0]].cloud or one[0]).items():
            zh, en = some(list(dict.fromkeys(part[0] for part in parts)))
            what = counted(part[1] for part in parts)
            yield self.finding(estate, place, parts[0][3], at=parts[0][2], zh=f"已停止支持：{what}（{zh}）", en=f"at their end: {what} ({en})")
