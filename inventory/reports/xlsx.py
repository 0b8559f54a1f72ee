"""A report as a workbook: a sheet a table, totals and the summary as formulas, the same bytes for the same report."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from inventory.reports.model import Column, Figure, Report, Table, Value

HEADER = PatternFill("solid", fgColor="DCE6F1")
FORMATS = {"number": "#,##0", "money": "#,##0.00", "decimal": "#,##0.00", "date": "yyyy-mm-dd"}
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a ZIP entry can bear
FIRST = 2  # row of the first record; the header is above


def render(report: Report) -> bytes:
    """The workbook's bytes. Sheets: the summary, then one for each table; the total row is two below the last record."""
    book = Workbook()
    summary = book.active
    if not isinstance(summary, Worksheet):
        raise TypeError("a new workbook has a sheet")
    summary.title = report.words["summary"]
    for table in report.tables:
        _table(book.create_sheet(table.title), table, report.words)
    _summary(summary, report)
    moment = datetime(report.as_of.year, report.as_of.month, report.as_of.day)
    book.properties.creator = "xiangyun"
    book.properties.title = report.title
    book.properties.created = moment
    book.calculation.fullCalcOnLoad = True
    out = io.BytesIO()
    book.save(out)
    return _reproducible(out.getvalue(), moment)


def _summary(sheet: Worksheet, report: Report) -> None:
    words = report.words
    _put(sheet, 1, 1, report.title).font = Font(bold=True, size=14)
    _put(sheet, 2, 1, report.subtitle)
    for column, title in enumerate((words["figure"], words["value"], words["per_unit"]), 1):
        _head(_put(sheet, 4, column, title))
    for row, figure in enumerate(report.figures, 5):
        _put(sheet, row, 1, figure.title)
        cell = sheet.cell(row, 2, formula(figure, report.table(figure.table), words))
        cell.number_format = "#,##0"
        _put(sheet, row, 3, figure.unit)
    for letter, width in (("A", 30), ("B", 18), ("C", 10)):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A5"


def formula(figure: Figure, table: Table, words: dict[str, str]) -> str:
    """The figure as a formula over its sheet; 0 where the sheet has no rows."""
    if not table.rows:
        return "=0"
    what = _span(table, table.index(figure.column)) if figure.column else None
    if figure.where_column is None:
        return f"=SUM({what})" if what else f"=COUNTA({_span(table, 0)})"
    where = _span(table, table.index(figure.where_column))
    value = _text(figure.where_value, words)
    criterion = '"' + str(value).replace('"', '""') + '"'
    return f"=SUMIF({where},{criterion},{what})" if what else f"=COUNTIF({where},{criterion})"


def _span(table: Table, index: int) -> str:
    letter = get_column_letter(index + 1)
    return f"{quote_sheetname(table.title)}!${letter}${FIRST}:${letter}${FIRST + len(table.rows) - 1}"


def _table(sheet: Worksheet, table: Table, words: dict[str, str]) -> None:
    for index, column in enumerate(table.columns, 1):
        _head(_put(sheet, 1, index, column.title))
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    for row, values in enumerate(table.rows, FIRST):
        for index, (column, value) in enumerate(zip(table.columns, values, strict=True), 1):
            cell = _put(sheet, row, index, _text(value, words))
            if column.kind in FORMATS:
                cell.number_format = FORMATS[column.kind]
    last = FIRST + len(table.rows) - 1
    sheet.freeze_panes = "C2" if len(table.columns) > 8 else "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{max(last, 1)}"
    if table.rows:
        _totals(sheet, table.columns, last, words)


def _totals(sheet: Worksheet, columns: tuple[Column, ...], last: int, words: dict[str, str]) -> None:
    """A row of sums below an empty one, so that sorting and filtering leave it alone; SUBTOTAL adds what a filter shows."""
    if not any(column.total for column in columns):
        return
    row = last + 2
    _put(sheet, row, 1, words["total"]).font = Font(bold=True)
    for index, column in enumerate(columns, 1):
        if column.total:
            letter = get_column_letter(index)
            cell = sheet.cell(row, index, f"=SUBTOTAL(9,{letter}{FIRST}:{letter}{last})")
            cell.number_format, cell.font = FORMATS[column.kind], Font(bold=True)


def _put(sheet: Worksheet, row: int, column: int, value: Value) -> Cell:
    """A value as itself: text that begins like a formula stays text."""
    cell: Any = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)
        cell.data_type = "s"
    else:
        cell.value = value
    if not isinstance(cell, Cell):
        raise TypeError("no cell of a new sheet is merged")
    return cell


def _head(cell: Cell) -> None:
    cell.font, cell.fill, cell.alignment = Font(bold=True), HEADER, Alignment(vertical="center")


def _text(value: Value, words: dict[str, str]) -> Value:
    return words["yes" if value else "no"] if isinstance(value, bool) else value


def _reproducible(raw: bytes, moment: datetime) -> bytes:
    """The same workbook without the time of its making: openpyxl writes the clock into core.xml and into the ZIP entries."""
    out = io.BytesIO()
    stamp = f"{moment.isoformat()}Z".encode()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            new.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
