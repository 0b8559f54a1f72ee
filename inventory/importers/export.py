"""Rows of the estate as the workbook that the default mapping reads: Chinese titles and words, names where they are plain."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from inventory.cells import harmless
from inventory.errors import InputError
from inventory.importers.mapping import Column, Mapping
from inventory.importers.names import named_rows, unit_of
from inventory.importers.rows import kind_of, plain_text
from inventory.importers.text import key
from inventory.importers.values import LONGEST
from inventory.model import Estate
from inventory.tables import LISTS, REFERENCES, TABLES, columns

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: `rows` are texts; `numbers` the places of columns that are written as numbers."""

    sheet: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int]


def tables(estate: Estate, names: Sequence[str], mapping: Mapping, unit: str | None = None, region: str | None = None) -> list[Table]:
    """The rows of tables, of one unit or of the units of one region if asked. Raises `InputError` for a table without a mapping, an unknown unit or region."""
    if unknown := [name for name in names if name not in mapping.tables]:
        raise InputError(f"no mapping for {', '.join(unknown)}: known are {', '.join(mapping.tables)}")
    if unit and unit not in estate.units:
        raise InputError(f"there is no {unit}: `xiangyun inventory list units` shows what is")
    if region and region not in estate.regions:
        raise InputError(f"there is no region {region}: `xiangyun inventory list regions` shows what is")
    units = {row for row, values in estate.units.items() if (unit is None or row == unit) and (region is None or values.region == region)}
    return [_table(estate, name, mapping, units) for name in names]


def _table(estate: Estate, name: str, mapping: Mapping, units: set[str]) -> Table:
    described = mapping.tables[name]
    chosen = [column for column in columns(TABLES[name].row) if column in described.columns]
    write = [_writer(estate, name, column, described.columns[column], mapping) for column in chosen]
    rows = [values for values in getattr(estate, name).values() if unit_of(estate, getattr(values, described.region_by, None)) in units]
    texts = tuple(tuple(spell(plain_text(getattr(row, column))) for column, spell in zip(chosen, write, strict=True)) for row in rows)
    numbers = frozenset(place for place, column in enumerate(chosen) if kind_of(name, column) in ("int", "float"))
    return Table(described.sheets[0], tuple(described.columns[column].titles[0] for column in chosen), texts, numbers)


def _writer(estate: Estate, table: str, name: str, column: Column, mapping: Mapping) -> Any:
    """What spells a value of this column."""
    kind = kind_of(table, name)
    if kind == "bool":
        return {"true": mapping.yes[0], "false": mapping.no[0], "": ""}.__getitem__
    if kind == "choice":
        words = {value: group[0] for value, group in column.values.items()}
        return lambda text: words.get(text, text)
    if kind == "reference" and (table, name) not in LISTS:
        targets = REFERENCES[table, name]
        named = [pair for target in targets for pair in named_rows(estate, target)]
        counts = Counter(key(called) for _, called in named)
        names = {row: called for row, called in named if counts[key(called)] == 1}
        return lambda text: names.get(text, text)
    return str


def write_xlsx(file: Path, made: Iterable[Table]) -> None:
    """Strings are written as strings, whatever they begin with: none becomes a formula, a link or a number. `InputError` for what a cell cannot hold whole."""
    from datetime import datetime

    made = list(made)
    long = [
        f"{table.sheet} {row[0]} {title}: {len(value)}"
        for table in made
        for row in table.rows
        for title, value in zip(table.titles, row, strict=True)
        if len(value) > LONGEST // 2 and len(value.encode("utf-16-le")) // 2 > LONGEST
    ]
    if long:
        raise InputError(f"longer than the {LONGEST} characters of a cell, so the workbook would cut them: {'; '.join(long)}: shorten them, or write a .csv")
    with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        workbook.set_properties({"created": datetime(2000, 1, 1)})  # same rows, same bytes
        head = workbook.add_format({"bold": True, "bg_color": "#DDE7F3", "border": 1})
        text = workbook.add_format({"num_format": "@"})
        for table in made:
            sheet: Worksheet = workbook.add_worksheet(table.sheet)
            sheet.freeze_panes(1, 0)
            for place, title in enumerate(table.titles):
                sheet.set_column(place, place, max(12, min(40, 2 * len(title) + 2)))
                sheet.write_string(0, place, title, head)
            for number, row in enumerate(table.rows, 1):
                for place, value in enumerate(row):
                    if value and place in table.numbers:
                        sheet.write_number(number, place, float(value))
                    elif value:
                        sheet.write_string(number, place, value, text)


def csv_text(table: Table) -> str:
    """CSV with a byte order mark, so that spreadsheets know it is UTF-8; an apostrophe stands before what they would run, and import takes it away."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.titles)
    writer.writerows(map(harmless, row) for row in table.rows)
    return "\ufeff" + out.getvalue()
