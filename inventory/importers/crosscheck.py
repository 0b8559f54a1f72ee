"""The rules of the estate on what it would be after an import: a row that breaks one is refused, and those that need it with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from pydantic import TypeAdapter

from inventory.checks import errors
from inventory.importers.changes import Entry
from inventory.importers.match import Work
from inventory.importers.problems import Place, Problem, Severity
from inventory.importers.rows import plain_text
from inventory.model import Estate
from inventory.tables import REFERENCES, TABLES, columns


def cross_check(work: Work) -> None:
    """The rules of severity error on the estate as it would be; what they find is a problem of the row that causes it, which is then refused."""
    for _ in range(4):  # refusing a row may leave another one without what it refers to
        _dangling(work)
        entries = {entry.id: entry for entry in work.entries if entry.kind != "unchanged" and entry.place not in work.refused}
        if not entries:
            return
        found = errors(drafted(work.estate, entries.values()))
        if not found:
            return
        for finding in found:
            entry = entries.get(finding.subject)
            place = entry.place if entry else next(iter(entries.values())).place
            subject = "" if entry else f"{finding.subject}: "
            at = place._replace(column=_column_in(work, entry, finding.column))
            work.problems.append(Problem(at, Severity.ERROR, finding.rule, subject + finding.zh, subject + finding.en))
            for other in [entry] if entry else entries.values():  # what no row explains refuses all of them
                work.refused.add(other.place)


def _column_in(work: Work, entry: Entry | None, column: str) -> int:
    return work.columns.get((entry.place.workbook, entry.place.sheet, entry.table), {}).get(column, -1) if entry else -1


def _dangling(work: Work) -> None:
    gone = {entry.id: entry.place for entry in work.entries if entry.kind == "added" and entry.place in work.refused}
    while gone:
        newly: dict[str, Place] = {}
        for entry in work.entries:
            if entry.place in work.refused:
                continue
            named = ((name, row) for name, value in entry.values.items() if (entry.table, name) in REFERENCES for row in value.split() if row in gone)
            for name, row in islice(named, 1):
                place = entry.place._replace(column=_column_in(work, entry, name))
                work.problems.append(
                    Problem(place, Severity.ERROR, "reference-refused", f"所指的行未接收：{gone[row]}", f"refers to a row that is not taken: {gone[row]}")
                )
                work.refused.add(entry.place)
                if entry.kind == "added":
                    newly[entry.id] = entry.place
        gone = newly


def drafted(estate: Estate, entries: Iterable[Entry]) -> Estate:
    """The estate with added and changed rows in it."""
    tables: dict[str, dict[str, Any]] = {}
    validators: dict[str, Callable[[Any], Any]] = {}
    origins = dict(estate.origins)
    for entry in entries:
        table = TABLES[entry.table]
        if entry.table not in tables:
            tables[entry.table] = dict(getattr(estate, entry.table))
            validators[entry.table] = TypeAdapter(table.row).validator.validate_python
        rows = tables[entry.table]
        held = rows.get(entry.id)
        values = {table.key: entry.id, **entry.values, "source": "census"}
        if held is not None:
            values = {name: plain_text(getattr(held, name)) for name in columns(table.row)} | values
            values = {name: value for name, value in values.items() if value != ""}
        rows[entry.id] = validators[entry.table](values)
        if held is None:
            origins[entry.id] = f"{entry.table}.csv:0"
    return estate.model_copy(update={**tables, "origins": origins})
