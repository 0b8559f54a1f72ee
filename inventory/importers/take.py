"""Writing a preview into the estate, with its entries in the ledger: all or nothing."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from inventory.edit import TableChange, change_tables
from inventory.errors import InputError
from inventory.importers.changes import Preview
from inventory.journal import Note
from inventory.tables import TABLES

WHAT = "inventory.import"


def take(folder: Path, preview: Preview, partial: bool = False) -> dict[str, tuple[str, str]]:
    """Write added and changed rows with `source` census; vanished rows are never removed. Returns digests of each file before and after.

    The ledger's entry of each table names the workbooks by digest and, for each region, the last id that was given.

    Raises `InputError` when there are errors and `partial` does not say that the good rows are to be taken without them.
    """
    if preview.errors and not partial:
        raise InputError(
            f"{len(preview.errors)} errors, the first at {preview.errors[0].place}: nothing was taken; correct them, or give --partial for the good rows"
        )
    changed: dict[str, dict[str, dict[str, object]]] = defaultdict(dict)
    added: dict[str, list[dict[str, object]]] = defaultdict(list)
    for entry in preview.changed:
        changed[entry.table][entry.id] = {**entry.values, "source": "census"}
    for entry in preview.added:
        added[entry.table].append({TABLES[entry.table].key: entry.id, **entry.values, "source": "census"})
    tables = {name: TableChange(changed[name], added[name]) for name in TABLES if name in changed or name in added}
    counts = f"{len(preview.added)} added, {len(preview.changed)} changed, {len(preview.vanished)} vanished, {len(preview.errors)} errors"
    last = {entry.id.rpartition("-")[0]: entry for entry in preview.added}
    given = {name: [entry.id for entry in last.values() if entry.table == name] for name in tables}
    notes = {name: Note(WHAT, f"table:{name}", "; ".join([counts, *given[name]]), preview.digests) for name in tables}
    return change_tables(folder, tables, notes) if tables else {}
