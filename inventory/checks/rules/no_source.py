"""INV-042: a data element that is held somewhere has an authoritative source."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.checks.lists import grouped, some
from inventory.model import Estate


class NoSource(Check):
    id, severity = "INV-042", Severity.WARNING
    title = Text(zh="数据元无权威来源", en="A data element has copies and no source")
    reason = Text(
        zh="一项数据只能有一个权威来源，多源并存会使同一事项出现不同答案（国办函〔2022〕102号：一数一源一标准）。",
        en="One element has one source, or two offices answer differently (国办函〔2022〕102号: one datum, one source, one standard).",
    )
    advice = Text(
        zh="确定由哪个部门采集和更新该数据元，标为 authoritative。",
        en="Settle who collects and updates it, and mark that item `authoritative`.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        items = grouped(estate.data_items.values(), lambda item: item.element)
        for element, held in items.items():
            if not any(item.authoritative for item in held):
                zh, en = some([item.resource for item in held])
                yield self.finding(
                    estate, held[0].id, "authoritative", zh=f"{element} 只有引用（{zh}），无权威来源", en=f"{element} is held by {en}, and nobody is its source"
                )
