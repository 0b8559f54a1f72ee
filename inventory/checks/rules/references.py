"""INV-002: every id that a column names exists."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate
from inventory.tables import LISTS, REFERENCES


class DanglingReference(Check):
    id, severity = "INV-002", Severity.ERROR
    title = Text(zh="引用的对象不存在", en="A column names something that does not exist")
    reason = Text(
        zh="引用落空会使统计漏项，后续命令无法继续。",
        en="A dangling reference leaves things out of every sum and stops what comes after.",
    )
    advice = Text(
        zh="登记所缺对象，或改正标识。",
        en="Add what is missing, or correct the id.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for (name, column), targets in REFERENCES.items():
            known = {key for target in targets for key in getattr(estate, target)}
            where, listed = " / ".join(targets), (name, column) in LISTS
            for row in getattr(estate, name).values():
                value = getattr(row, column)
                if value and (listed or value not in known):
                    for wanted in value.split() if listed else (value,):
                        if wanted not in known:
                            yield self.finding(estate, row.id, column, zh=f"{wanted} 不在 {where} 中", en=f"{wanted} is not in {where}")
