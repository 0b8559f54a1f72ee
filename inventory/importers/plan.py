"""What taking workbooks would change in an estate, and every problem at its cell; nothing is written here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from inventory.importers import netbox
from inventory.importers.book import Book
from inventory.importers.changes import Account, Known, Preview
from inventory.importers.crosscheck import cross_check
from inventory.importers.mapping import Mapping as MappingFile
from inventory.importers.match import TableMatch, Work
from inventory.importers.problems import Place, Problem, Severity
from inventory.importers.rows import Rows
from inventory.importers.sheets import read_sheets
from inventory.model import Estate
from inventory.tables import TABLES


def preview(books: Sequence[Book], estate: Estate, mapping: MappingFile, known: Known | None = None) -> Preview:
    """Read all sheets that the mapping knows and compare them with the estate; the same input gives the same result."""
    known = known or Known()
    work = Work(estate, mapping, known)
    sheets: dict[str, list[Rows]] = {}
    read: Sequence[Book] = books
    if mapping.form == "netbox":
        read, said = netbox.sheets(books, estate, mapping)
        work.problems += said
    for book in read:
        for rows in read_sheets(book, mapping, work.problems):
            sheets.setdefault(rows.header.table, []).append(rows)
            work.columns[book.name, rows.sheet.name, rows.header.table] = rows.header.columns
    for table in TABLES:  # tables come after those that they refer to
        if table in sheets:
            TableMatch(work, table).take(sheets[table])
    cross_check(work)
    entries = [entry for entry in work.entries if entry.place not in work.refused]
    counts = Counter[tuple[str, ...]]((entry.place.workbook, entry.place.sheet, entry.table, entry.kind) for entry in entries)
    accounts = tuple(_account(work, rows, counts) for group in sheets.values() for rows in group)
    for name in sorted(set(known.accepted) - work.used):
        work.problems.append(Problem(Place(""), Severity.WARNING, "decision-unused", f"决定未用到：{name}", f"a decision that nothing needed: {name}"))
    return Preview(tuple(entries), tuple(work.vanished), tuple(sorted(set(work.problems))), accounts, {book.name: book.digest for book in books})


def _account(work: Work, rows: Rows, counts: Mapping[tuple[str, ...], int]) -> Account:
    table = rows.header.table
    added, changed, unchanged = (counts.get((rows.book.name, rows.sheet.name, table, kind), 0) for kind in ("added", "changed", "unchanged"))
    refused = sum(rows.place(number) in work.refused for number in rows.numbers) if work.refused else 0
    total = len(rows.sheet.rows) - rows.header.last - 1
    return Account(rows.place(-1), table, total, added + changed, unchanged, refused, tuple(rows.skipped.items()), rows.empty)
