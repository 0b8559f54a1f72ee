"""Rows of the model to CSV text: one way of writing a value, everywhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from inventory.model import Row
from inventory.tables import columns

HARMFUL = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet runs a CSV's cell that begins so (OWASP, "CSV Injection")


def harmless(text: str) -> str:
    """For a CSV that somebody may open in a spreadsheet: an apostrophe stands before what would be run, and import takes it away."""
    return f"'{text}" if text.lstrip("'").startswith(HARMFUL) else text


def cell(value: object) -> str:
    """A JSON value as a cell: nothing for None, true/false, numbers without a needless `.0`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def line(cells: Iterable[str]) -> str:
    """One CSV record with its line end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def table_text(row: type[Row], rows: Iterable[Mapping[str, Any]]) -> str:
    """CSV text of rows given by column; absent columns are written out with the model's default."""
    names = columns(row)
    lines = [line(names)]
    for values in rows:
        dumped = row.model_validate({name: value for name, value in values.items() if value != ""}).model_dump(mode="json")
        lines.append(line(cell(dumped[name]) for name in names))
    return "".join(lines)


def csv_text(rows: Sequence[Mapping[str, str]]) -> str:
    """CSV text of rows that all have the same columns; a byte order mark, so that spreadsheets know it is UTF-8."""
    return "\ufeff" + "".join([line(rows[0]), *(line(row.values()) for row in rows)]) if rows else ""
