"""INV-002: every id that a column names exists."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Title
from inventory.model import Estate
from inventory.tables import LISTS, REFERENCES, TABLES, row_id


class DanglingReference(Check):
    id, severity = "INV-002", Severity.ERROR
    title = Title(zh="引用的对象不存在", en="A column names something that does not exist")

    def run(self, estate: Estate) -> Iterator[Finding]:
        for (name, column), targets in REFERENCES.items():
            known = [getattr(estate, target) for target in targets]
            for row in getattr(estate, name).values():
                value = getattr(row, column)
                for wanted in (value.split() if (name, column) in LISTS else (value,)) if value else ():
                    if not any(wanted in rows for rows in known):
                        subject = row_id(TABLES[name], row)
                        where = " / ".join(targets)
                        yield self.finding(estate, subject, column, zh=f"{wanted} 不在 {where} 中", en=f"{wanted} is not in {where}")
