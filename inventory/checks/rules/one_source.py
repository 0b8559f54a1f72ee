"""INV-041: one data element has one authoritative source (一数一源) for the same people and things: see `inventory.catalogue`."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.catalogue import catalogue
from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class OneSource(Check):
    id, severity = "INV-041", Severity.WARNING
    title = Text(zh="一数多源", en="A data element has several authoritative sources")
    reason = Text(
        zh="一项数据只能有一个权威来源，多源并存会使同一事项出现不同答案（国办函〔2022〕102号：一数一源一标准）。",
        en="One element has one source, or two offices answer differently (国办函〔2022〕102号: one datum, one source, one standard).",
    )
    advice = Text(
        zh="由数据主管部门裁定权威来源，其余改为 authoritative=false（引用）。",
        en="Let the data authority name the source; the others become copies (`authoritative` false).",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        rank = {key: index for index, key in enumerate(estate.data_items)}
        clashes: dict[str, str] = {}  # the later item of a pair, and the first one that it clashes with
        for entry in catalogue(estate):
            for pair in entry.clashes:
                first, later = sorted(pair, key=rank.__getitem__)
                clashes[later] = min(clashes.get(later, first), first, key=rank.__getitem__)
        for key in sorted(clashes, key=rank.__getitem__):
            item, source = estate.data_items[key], estate.data_items[clashes[key]]
            yield self.finding(
                estate,
                item.id,
                "authoritative",
                zh=f"{item.element} 的权威来源已是 {source.resource}",
                en=f"the source of {item.element} is {source.resource} already",
            )
