"""Reading reports back: the rows that a page embeds, those that a link leads to, and a workbook's formulas done by hand."""

from __future__ import annotations

import io
import json
import re
from functools import cache
from typing import Any
from urllib.parse import unquote

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from inventory.reports import Report
from inventory.reports.links import text_of
from inventory.reports.model import Row

CALL = re.compile(r"(COUNTIFS|SUMIFS|COUNTA|SUM|SUBTOTAL)\((.*)\)")
SPAN = re.compile(r"(?:'((?:[^']|'')+)'|([^\s'!,]+))!\$([A-Z]+)\$(\d+):\$[A-Z]+\$(\d+)")
SHARE = re.compile(r'IF\(SUM\(([^)]*)\)=0,"",ROUND\(100\*([A-Z]+\d+)/SUM\([^)]*\),2\)\)')


def embedded(page: str) -> dict[str, list[list[Any]]]:
    """Rows by table, as the page's script unpacks them."""
    found = {}
    for key, text in re.findall(r'<script type="application/json" id="rows-([a-z_]+)">(.*?)</script>', page, re.S):
        told = json.loads(text)
        columns = [[column["d"][place] for place in column["i"]] if isinstance(column, dict) else column for column in told["data"]]
        found[key] = [list(row) for row in zip(*columns, strict=True)]
        assert len(found[key]) == told["rows"]
    return found


def led_to(report: Report, link: str) -> tuple[str, list[Row]]:
    """The table and the rows that `#table?column=value&…` leads to, as the page's script filters them."""
    key, _, query = link.removeprefix("#").partition("?")
    table = report.table(key)
    wanted = [(table.index(name), unquote(value)) for name, _, value in (pair.partition("=") for pair in query.split("&") if pair)]
    return key, [row for row in table.rows if all(text_of(row[index], report.words) == value for index, value in wanted)]


class Book:
    """A workbook, as its formulas say (`formula`, `evaluate`) and as it was saved (`cached`)."""

    def __init__(self, content: bytes) -> None:
        self.formulas = load_workbook(io.BytesIO(content))
        self.values = load_workbook(io.BytesIO(content), data_only=True)
        self.columns: dict[tuple[str, str], list[Any]] = {}

    def column(self, sheet: str, letter: str) -> list[Any]:
        """Saved values from row 2 on; those of formulas are checked elsewhere."""
        if (sheet, letter) not in self.columns:
            index = column_index_from_string(letter)
            self.columns[sheet, letter] = [row[0] for row in self.values[sheet].iter_rows(2, None, index, index, values_only=True)]
        return self.columns[sheet, letter]

    def cell(self, sheet: str, place: str) -> float:
        cell: Any = self.values[sheet][place]
        return float(cell.value)

    def evaluate(self, sheet: str, formula: str) -> Any:
        formula = formula.removeprefix("=")
        if share := SHARE.fullmatch(formula):
            whole = sum(self.cell(sheet, cell) for cell in share[1].split(","))
            return round(100 * self.cell(sheet, share[2]) / whole, 2) if whole else None
        if formula == "0":
            return 0
        call = CALL.fullmatch(formula)
        assert call, formula
        if call[1] == "SUBTOTAL":
            letter, last = re.fullmatch(r"9,([A-Z]+)2:[A-Z]+(\d+)", call[2]).groups()  # type: ignore[union-attr]
            return sum(value for value in self.column(sheet, letter)[: int(last) - 1] if isinstance(value, int | float))
        spans = [(m[1] or m[2], m[3], int(m[5]) - 1) for m in SPAN.finditer(call[2])]
        cells = [self.column(name.replace("''", "'"), letter)[:last] for name, letter, last in spans]
        if call[1] == "COUNTA":
            return sum(value is not None for value in cells[0])
        criteria = [(m[1], m[2]) for m in re.finditer(r'\d,(?:"=((?:[^"]|"")*)"|(-?[\d.]+))', call[2].replace('"&"', ""))]
        added = cells.pop(0) if call[1] in ("SUM", "SUMIFS") else [1] * len(cells[0])
        assert len(criteria) == len(cells), formula
        fits = [all(_fits(value, *criterion) for value, criterion in zip(row, criteria, strict=True)) for row in zip(*cells, strict=True)] if cells else []
        return sum(value or 0 for value, fit in zip(added, fits or [True] * len(added), strict=True) if fit)


def _fits(value: Any, text: str | None, number: str | None) -> bool:
    """A criterion as Excel takes it."""
    if number:
        return isinstance(value, int | float) and float(value) == float(number)
    return _pattern(text or "").fullmatch("" if value is None else str(value)) is not None


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """A criterion's text: no case, `*` and `?` wild unless a `~` stands before them."""
    said = re.sub(r"~(.)|(\*)|(\?)|(.)", lambda m: ".*" if m[2] else "." if m[3] else re.escape(m[1] or m[4]), text.replace('""', '"'))
    return re.compile(said, re.I)
