"""Changing cells of one row of an estate's table, or adding rows: whole or not at all, and never to something that does not load."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from inventory.cells import cell, line
from inventory.errors import InputError
from inventory.journal import Note, alone, replace_all
from inventory.load import load_estate
from inventory.tables import TABLES, Table, columns


def set_fields(folder: Path, table: str, row: str, values: Mapping[str, object], note: Note | None = None) -> tuple[str, str]:
    """Set columns of the row with the id `row`; returns the SHA-256 digests of the file before and after, in hex.

    Every other line of the file stays as it is, byte for byte. The estate with the change is loaded first: raises
    `EstateFaults` when it would have faults, and `InputError` for an unknown table, row or column; then nothing was written.
    The same values again change nothing: both digests are then the same. Processes that edit at once wait for one another.
    """
    return change_tables(folder, {table: TableChange(set={row: values})}, {table: note} if note else {})[f"{table}.csv"]


def append_rows(folder: Path, table: str, rows: Sequence[Mapping[str, object]], note: Note | None = None) -> tuple[str, str]:
    """Add rows at the end of a table; checked, atomic and answered like `set_fields`. Raises `InputError` for unknown columns."""
    return change_tables(folder, {table: TableChange(append=rows)}, {table: note} if note else {})[f"{table}.csv"]


@dataclass(frozen=True, slots=True)
class TableChange:
    """Changes of one table: columns of rows by id, and rows to add at its end. A value of None or "" empties the cell."""

    set: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    append: Sequence[Mapping[str, object]] = ()


def change_tables(folder: Path, changes: Mapping[str, TableChange], notes: Mapping[str, Note] | None = None) -> dict[str, tuple[str, str]]:
    """Change and add many rows of several tables, all or none; returns the SHA-256 digests of each file before and after, in hex.

    Checked and locked like `set_fields`; rows that stay keep their bytes. Columns of the model that a file lacks are added at its end; an optional file
    that is missing is begun. `notes`, by table, are recorded in the ledger with the change: after a kill at any point the next command that reads the
    estate finds all of it done and recorded, or nothing. Raises `EstateFaults` and `InputError` like `set_fields`, `XiangyunError` when a file cannot be
    written: then nothing was.
    """
    if unknown := sorted(set(changes) - set(TABLES)):
        raise InputError(f"there is no table {', '.join(unknown)}: known are {', '.join(TABLES)}")
    with alone(folder):
        before: dict[Path, bytes | None] = {}
        drafts: dict[str, str] = {}
        for name, table in TABLES.items():
            if name in changes:
                file = folder / table.file
                before[file], text = _text(file, table)
                drafts[table.file] = _rewritten(text, table, changes[name])
        contents = {file: (raw, drafts[file.name].encode()) for file, raw in before.items()}
        if any(raw != after for raw, after in contents.values()):
            load_estate(folder, drafts)
            replace_all(folder, contents, {folder / TABLES[name].file: note for name, note in (notes or {}).items()})
        return {file.name: (sha256(raw or b"").hexdigest(), sha256(after).hexdigest()) for file, (raw, after) in contents.items()}


def _text(file: Path, table: Table) -> tuple[bytes | None, str]:
    try:
        raw = file.read_bytes()
        return raw, raw.decode("utf-8")
    except FileNotFoundError as error:
        if table.optional:
            return None, line(columns(table.row))
        raise InputError(f"{file} cannot be read: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read: {error}") from error


def _rewritten(text: str, table: Table, change: TableChange) -> str:
    """`text` with many records rewritten in one pass, and rows added."""
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    header = [name.strip() for name in next(reader, [])]
    given = (*change.set.values(), *change.append)
    wanted = {name for values in given for name, value in values.items() if value not in (None, "") or name not in columns(table.row)} - set(header)
    if (unknown := sorted(wanted - set(columns(table.row)))) or table.key not in header or any(table.key in values for values in change.set.values()):
        raise InputError(f"{table.file}: cannot set {', '.join(unknown) or table.key}: the columns are {', '.join(header)}")
    more = [name for name in columns(table.row) if name in wanted]
    names, position = [*header, *more], header.index(table.key)
    left = {row.removeprefix("region:"): values for row, values in change.set.items()}
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    out = [mark + line(names)] if more else lines[: reader.line_num]
    start = reader.line_num
    for cells in reader:
        values = left.pop(cells[position].strip(), None) if len(cells) == len(header) else None
        if values is None and not (more and len(cells) == len(header)):
            out += lines[start : reader.line_num]
        else:
            new = [cell(values[name]) if values and name in values else old for name, old in zip(names, [*cells, *[""] * len(more)], strict=True)]
            ending = "\r\n" if lines[start].endswith("\r\n") else "\n"
            out += lines[start : reader.line_num] if new == cells else [line(new).removesuffix("\n") + ending]
        start = reader.line_num
    if left:
        raise InputError(f"{table.file} has no row {', '.join(sorted(left))}")
    end = "\n" if out and not out[-1].endswith("\n") else ""
    return "".join(out) + end + "".join(line([cell(row.get(name, "")) for name in names]) for row in change.append)
