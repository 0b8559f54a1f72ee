"""INV-001: an id names one row."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class DuplicateIds(Check):
    id, severity = "INV-001", Severity.ERROR
    title = Text(zh="标识重复", en="An id stands more than once")
    reason = Text(
        zh="标识是全部关联的依据，重复会使后一行被忽略，统计少算。",
        en="Everything refers by id: of rows with one id the later are not counted.",
    )
    advice = Text(
        zh="合并重复行，或为后一行编新的标识。",
        en="Merge the rows, or give the later one a new id.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for subject, places in estate.duplicates.items():
            where = "、".join(places)
            yield self.finding(
                estate, subject, "id", zh=f"{subject} 出现 {len(places)} 次：{where}", en=f"{subject} stands {len(places)} times: {', '.join(places)}"
            )
