"""One CSV table to rows of the model, with every fault's line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Address, IPv6Network
from itertools import compress
from pathlib import Path
from socket import AF_INET, AF_INET6, inet_pton
from typing import Any

from pydantic import ValidationError

from inventory.load.faults import Fault
from inventory.load.messages import said
from inventory.load.text import read_text
from inventory.model import Row
from inventory.tables import Table, columns, required

LENGTH_DIGITS = 3  # of a prefix length, at most


@dataclass(slots=True)
class Read:
    """What one file held: rows with their line, and its faults."""

    rows: list[tuple[int, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_table(folder: Path, table: Table, draft: str | None = None) -> Read:
    """All rows of `table`, from its file or from `draft`; a missing file is a fault unless the table is optional, an empty one (header only) is not."""
    if table.optional and draft is None and not (folder / table.file).exists():
        return Read()
    text = read_text(folder / table.file, draft)
    if isinstance(text, Fault):
        return Read(faults=[text])
    result = Read()
    header: list[str] | None = None
    try:
        records = records_of(text)
        for _, header in records:
            result.faults += _header_faults(table, header)
            if result.faults:
                return result
            _add_all(result, table, header, records)
    except NotCsvError as error:
        result.faults.append(Fault(table.file, error.line, "", f"not a CSV table: {error}"))
    if header is None and not result.faults:
        result.faults.append(Fault(table.file, 1, "", f"the header is missing: {','.join(columns(table.row))}"))
    return result


class NotCsvError(ValueError):
    """The record that begins on `line` is not CSV."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def records_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """Records with the line they begin on; a quoted cell may span lines, and empty lines are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            stripped = list(map(str.strip, cells))
            if any(stripped):
                yield start, stripped
            start = reader.line_num + 1
    except csv.Error as error:
        raise NotCsvError(start, str(error)) from error


def _header_faults(table: Table, header: list[str]) -> Iterator[Fault]:
    known = columns(table.row)
    for separator, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and separator in header[0]:
            yield Fault(table.file, 1, "", f"the columns are separated by {name}: save the file with commas")
            return
    for name in sorted(required(table.row) - set(header), key=known.index):
        yield Fault(table.file, 1, name, "the column is missing")
    for name in header:
        if name not in known:
            yield Fault(table.file, 1, name or "?", f"unknown column; known are {', '.join(known)}")
        elif header.count(name) > 1:
            yield Fault(table.file, 1, name, "the column stands here twice")


def _add_all(result: Read, table: Table, header: list[str], records: Iterator[tuple[int, list[str]]]) -> None:
    """Every record as a row, or as its faults; the loop of a large estate, so what does not change is fetched before it."""
    validate, width, rows, addresses = table.row.__pydantic_validator__.validate_python, len(header), result.rows, _addresses(table.row, header)
    for line, cells in records:
        if len(cells) != width:
            result.faults.append(Fault(table.file, line, "", f"{len(cells)} cells where the header has {width}"))
            continue
        filled: dict[str, object] = dict(compress(zip(header, cells), cells))  # noqa: B905 - as long as each other; without the empty ones
        for at, name, parsed in addresses:
            if text := cells[at]:
                filled[name] = parsed(text)
        try:
            rows.append((line, validate(filled)))
        except ValidationError as error:
            for detail in error.errors():
                message = "empty; a value is needed" if detail["type"] == "missing" else said(detail)
                result.faults.append(Fault(table.file, line, str(detail["loc"][0]) if detail["loc"] else "", message))


def _addresses(row: type[Row], header: list[str]) -> list[tuple[int, str, Callable[[str], object]]]:
    """Columns (their index and name) that hold addresses or prefixes, with what reads them faster than the standard library's parser."""
    known: dict[Any, Callable[[str], object]] = {
        IPv6Address: _address,
        IPv6Address | None: _address,
        IPv6Network: _prefix,
        IPv4Network | IPv6Network: _prefix,
        IPv4Network | None: _prefix4,
    }
    fields = row.model_fields
    return [(at, name, known[fields[name].annotation]) for at, name in enumerate(header) if fields[name].annotation in known]


def _address(text: str) -> object:
    """The address, or the text as it is when the C library does not take it: the model then says what is wrong."""
    try:
        return IPv6Address(inet_pton(AF_INET6, text))
    except OSError:
        return text


def _prefix(text: str) -> object:
    """The prefix, or the text as it is when it is not one at first sight, or has host bits."""
    address, _, length = text.partition("/")
    if not (length.isascii() and length.isdigit() and len(length) <= LENGTH_DIGITS):
        return text
    try:
        return IPv6Network((inet_pton(AF_INET6, address), int(length)))
    except (OSError, ValueError):
        return text


def _prefix4(text: str) -> object:
    address, _, length = text.partition("/")
    if not (length.isascii() and length.isdigit() and len(length) <= LENGTH_DIGITS):
        return text
    try:
        return IPv4Network((inet_pton(AF_INET, address), int(length)))
    except (OSError, ValueError):
        return text
