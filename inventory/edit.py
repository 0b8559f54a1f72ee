"""Changing cells of one row of an estate's table, or adding rows: whole or not at all, and never to something that does not load."""

from __future__ import annotations

import csv
import fcntl
import io
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from inventory.cells import cell, line
from inventory.errors import InputError, XiangyunError
from inventory.load import load_estate
from inventory.tables import TABLES, Table, columns


def set_fields(folder: Path, table: str, row: str, values: Mapping[str, object]) -> tuple[str, str]:
    """Set columns of the row with the id `row`; returns the SHA-256 digests of the file before and after, in hex.

    Every other line of the file stays as it is, byte for byte. The estate with the change is loaded first: raises
    `EstateFaults` when it would have faults, and `InputError` for an unknown table, row or column; then nothing was written.
    The same values again change nothing: both digests are then the same. Processes that edit at once wait for one another.
    """
    if table not in TABLES:
        raise InputError(f"there is no table {table}: known are {', '.join(TABLES)}")
    found = TABLES[table]
    return _edit(folder, found, lambda text: _changed(text, found, row, {name: cell(value) for name, value in values.items()}))


def append_rows(folder: Path, table: str, rows: Sequence[Mapping[str, object]]) -> tuple[str, str]:
    """Add rows at the end of a table; checked, atomic and answered like `set_fields`. Raises `InputError` for unknown columns."""
    if table not in TABLES:
        raise InputError(f"there is no table {table}: known are {', '.join(TABLES)}")
    return _edit(folder, TABLES[table], lambda text: _extended(text, TABLES[table], rows))


def _edit(folder: Path, table: Table, change: Callable[[str], str]) -> tuple[str, str]:
    file = folder / table.file
    with _alone(folder):
        try:
            raw = b"" if table.optional and not file.exists() else file.read_bytes()
            text = raw.decode("utf-8") or line(columns(table.row))
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{file} cannot be read: {error}") from error
        changed = change(text)
        after = changed.encode()
        if after != raw:
            load_estate(folder, {table.file: changed})
            _replace(file, after)
        return sha256(raw).hexdigest(), sha256(after).hexdigest()


def _extended(text: str, table: Table, rows: Sequence[Mapping[str, object]]) -> str:
    text = _widened(text, table, [name for row in rows for name, value in row.items() if value not in (None, "")])
    header = [name.strip() for name in next(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")), [])]
    unknown = sorted({name for row in rows for name, value in row.items() if value not in (None, "")} - set(header))
    if unknown:
        raise InputError(f"{table.file}: cannot set {', '.join(unknown)}: the columns are {', '.join(header)}")
    end = "" if not text or text.endswith("\n") else "\n"
    return text + end + "".join(line([cell(row.get(name, "")) for name in header]) for row in rows)


def _changed(text: str, table: Table, row: str, values: Mapping[str, str]) -> str:
    """`text` with the record of `row` rewritten."""
    text = _widened(text, table, [name for name, value in values.items() if value])
    lines = list(io.StringIO(text, newline=""))  # as csv counts them: str.splitlines also breaks at U+2028 and the like
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    header = [name.strip() for name in next(reader, [])]
    unknown = [name for name in values if name not in header or name == table.key]
    if unknown or table.key not in header:
        raise InputError(f"{table.file}: cannot set {', '.join(unknown) or table.key}: the columns are {', '.join(header)}")
    start = reader.line_num
    for cells in reader:
        if len(cells) == len(header) and cells[header.index(table.key)].strip() == row.removeprefix("region:"):
            new = [values.get(name, old) for name, old in zip(header, cells, strict=True)]
            if new == cells:
                return text
            ending = "\r\n" if lines[start].endswith("\r\n") else "\n"
            return "".join([*lines[:start], line(new).removesuffix("\n") + ending, *lines[reader.line_num :]])
        start = reader.line_num
    raise InputError(f"{table.file} has no row {row}")


def _widened(text: str, table: Table, wanted: Iterable[str]) -> str:
    """`text` with the model's columns that are wanted and that a file from before they were there lacks; this alone rewrites every line."""
    records = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    header = [name.strip() for name in records[0]] if records else []
    lacking = [name for name in columns(table.row) if name in set(wanted) and name not in header]
    if not lacking or not header:
        return text
    at = header.index("source") if "source" in header else len(header)
    wide = [[*header[:at], *lacking, *header[at:]]] + [[*cells[:at], *[""] * len(lacking), *cells[at:]] for cells in records[1:] if len(cells) == len(header)]
    return "".join(line(cells) for cells in wide)


def _replace(file: Path, content: bytes) -> None:
    try:
        handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(handle, "wb") as out:
                os.fchmod(out.fileno(), file.stat().st_mode & 0o777 if file.exists() else 0o644)
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            Path(temporary).replace(file)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise XiangyunError(f"{file} cannot be written: {error.strerror}") from error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One editor at a time, by a lock in the state folder."""
    try:
        state = folder / ".xiangyun"
        state.mkdir(exist_ok=True)
        with (state / "edit.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise XiangyunError(f"{folder} cannot be edited: {error}") from error
