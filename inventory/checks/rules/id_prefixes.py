"""INV-003: an id begins with the name of its kind."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate
from inventory.tables import TABLES


class IdPrefixes(Check):
    id, severity = "INV-003", Severity.ERROR
    title = Text(zh="标识前缀与表不符", en="An id does not begin as its table's ids do")
    reason = Text(
        zh="标识前缀表明对象种类，各处按前缀识别对象。",
        en="The prefix tells what a thing is, everywhere that an id stands alone.",
    )
    advice = Text(
        zh="按表规定的前缀改正标识及其引用。",
        en="Correct the id, and what refers to it.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for table in TABLES.values():
            if table.key != "id":
                continue
            start = f"{table.prefix}:"
            for row in getattr(estate, table.name).values():
                if not row.id.startswith(start):
                    yield self.finding(estate, row.id, "id", zh=f"{row.id} 应以 {table.prefix}: 开头", en=f"{row.id} should begin with {table.prefix}:")
