"""INV-001: an id names one row."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Title
from inventory.model import Estate


class DuplicateIds(Check):
    id, severity = "INV-001", Severity.ERROR
    title = Title(zh="标识重复", en="An id stands more than once")

    def run(self, estate: Estate) -> Iterator[Finding]:
        for subject, places in estate.duplicates.items():
            where = "、".join(places)
            yield self.finding(
                estate, subject, "id", zh=f"{subject} 出现 {len(places)} 次：{where}", en=f"{subject} stands {len(places)} times: {', '.join(places)}"
            )
