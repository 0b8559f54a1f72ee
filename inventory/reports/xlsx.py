"""A report as a workbook: a sheet a table, computed numbers as formulas with their value, the same bytes for the same report."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import quote_sheetname, xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from inventory.reports.compute import added
from inventory.reports.links import conditions, text_of
from inventory.reports.model import Column, Kind, Report, Row, Share, Source, Table, Value

FORMATS: dict[Kind, str] = {"number": "#,##0", "code": "0", "money": "#,##0.00", "decimal": "#,##0.00", "percent": '0.0"%"', "date": "yyyy-mm-dd"}
FIRST = 2  # row of the first record, as a sheet counts; the header is above
EPOCH = date(1899, 12, 30)  # day 0 of a sheet
LONGEST = 32_767  # UTF-16 units of a cell
LONGEST_LITERAL = 255  # characters of a text within a formula
MOST_LINKS = 20_000  # cells with a link, of one sheet; the format ends at 65,530
WILD = str.maketrans({"~": "~~", "*": "~*", "?": "~?"})  # letters that a criterion does not take as themselves


def render(report: Report) -> bytes:
    """The workbook's bytes. Sheets: the summary, then one for each table; the total row is two below the last record."""
    out = io.BytesIO()
    book = Workbook(out, {"constant_memory": True})
    book.set_properties({"title": report.title, "author": "xiangyun", "created": datetime(report.as_of.year, report.as_of.month, report.as_of.day)})
    book.set_calc_mode("auto")
    styles = _Styles(book)
    _summary(book.add_worksheet(report.words["summary"], _Sheet), report, styles)
    for table in report.tables:
        _table(book.add_worksheet(table.title, _Sheet), table, report, styles)
    book.close()
    return out.getvalue()


class _Sheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A sheet whose formulas are taken as they are."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """Without the library's look for 29 newer functions in each: none is used here, and it takes longer than all else."""
        return formula.removeprefix("=")


class _Styles:
    """Cell formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def __call__(self, kind: Kind = "text", **more: Any) -> Format:
        fields = {"num_format": FORMATS[kind]} if kind in FORMATS else {}
        key = tuple({**fields, **more}.items())
        if key not in self.made:
            self.made[key] = self.book.add_format(dict(key))
        return self.made[key]

    @property
    def head(self) -> Format:
        return self(bold=True, bg_color="#DCE6F1", valign="vcenter", text_wrap=True, bottom=1)


def _summary(sheet: Worksheet, report: Report, styles: _Styles) -> None:
    words = report.words
    for column, width in enumerate((36, 20, 10, 24)):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, report.title, styles(bold=True, font_size=14))
    sheet.write_string(1, 0, report.subtitle)
    for column, key in enumerate(("figure", "value", "per_unit", "comes_from")):
        sheet.write_string(3, column, words[key], styles.head)
    for row, figure in enumerate(report.figures, 4):
        table = report.table(figure.source.table)
        kind: Kind = "money" if isinstance(figure.value, float) else "number"
        put_text(sheet, row, 0, figure.title)
        _link(sheet, row, 1, table)
        sheet.write_formula(row, 1, formula(figure.source, table, words), styles(kind, font_color="#1F5FA8", underline=1), figure.value)
        put_text(sheet, row, 2, figure.unit)
        put_text(sheet, row, 3, table.title)
    sheet.freeze_panes(4, 0)


def formula(source: Source, target: Table, words: dict[str, str], here: Table | None = None, row: Row = ()) -> str:
    """The number as a formula over the sheet of `target`; 0 where that has no rows. `here` and `row` are where the formula stands."""
    if not target.rows:
        return "=0"
    pairs = ",".join(f"{_span(target, key)},{_criterion(value, words)}" for key, value in conditions(source, here, row))
    if source.column is None:
        return f"=COUNTIFS({pairs})" if pairs else f"=COUNTA({_span(target, target.columns[0].key)})"
    span = _span(target, source.column)
    return f"=SUMIFS({span},{pairs})" if pairs else f"=SUM({span})"


def _criterion(value: Value, words: dict[str, str]) -> str:
    """A condition that holds for cells with this value and no other: not for what a `*` or a `>` in it would mean."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    text = text_of(value, words)
    return '"=' + text.translate(WILD).replace('"', '""').replace("(", '"&"(') + '"'  # of `MAP(` the library would make an array formula


def _span(table: Table, key: str) -> str:
    letter = xl_col_to_name(table.index(key))
    return f"{quote_sheetname(table.title)}!${letter}${FIRST}:${letter}${FIRST + len(table.rows) - 1}"


def _table(sheet: Worksheet, table: Table, report: Report, styles: _Styles) -> None:
    last = FIRST + len(table.rows) - 1
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, column.width, styles(column.kind))
    for index, column in enumerate(table.columns):
        sheet.write_string(0, index, column.title, styles.head)
    sheet.freeze_panes(1, 2 if len(table.columns) > 8 else 0)
    sheet.autofilter(0, 0, max(last, FIRST) - 1, len(table.columns) - 1)
    _rows(sheet, table, report, styles)
    if table.rows and any(column.total for column in table.columns):
        _totals(sheet, table, last, report.words, styles)


def _rows(sheet: Worksheet, table: Table, report: Report, styles: _Styles) -> None:
    """Row by row, as constant_memory wants it; columns have their format from the sheet."""
    words = report.words
    own = sum(column.of is None for column in table.columns)
    computed = list(enumerate(table.columns))[own:]
    linked = len(table.rows) * len(computed) <= MOST_LINKS
    number, text = sheet.write_number, sheet.write_string
    for at, row in enumerate(table.rows, FIRST - 1):
        for index, value in enumerate(row[:own]):
            if isinstance(value, str):
                if value:
                    text(at, index, _plain(value))
            elif isinstance(value, bool):
                text(at, index, words["yes" if value else "no"])
            elif isinstance(value, date):
                number(at, index, (value - EPOCH).days)
            elif value is not None:
                number(at, index, value)
        for index, column in computed:
            _computed(sheet, at, index, column, table, row, report, styles, linked)


def _computed(sheet: Worksheet, at: int, index: int, column: Column, table: Table, row: Row, report: Report, styles: _Styles, linked: bool) -> None:
    if isinstance(column.of, Share):
        sheet.write_formula(at, index, _share(column.of, table, at + 1), None, "" if row[index] is None else row[index])
        return
    if not isinstance(column.of, Source):
        raise TypeError(f"{table.key}.{column.key} is not computed")
    target = report.table(column.of.table)
    said = formula(column.of, target, report.words, table, row)
    if linked and row[index]:
        _link(sheet, at, index, target)
    style = styles(column.kind, font_color="#1F5FA8") if linked and row[index] else None
    if max(map(len, said.split('"'))) > LONGEST_LITERAL:
        sheet.write_number(at, index, row[index], style)
    else:
        sheet.write_formula(at, index, said, style, row[index])


def _share(share: Share, table: Table, row: int) -> str:
    part, *whole = [f"{xl_col_to_name(table.index(key))}{row}" for key in (share.part, *share.whole)]
    return f'=IF(SUM({",".join(whole)})=0,"",ROUND(100*{part}/SUM({",".join(whole)}),2))'


def _totals(sheet: Worksheet, table: Table, last: int, words: dict[str, str], styles: _Styles) -> None:
    """A row of sums below an empty one, so that sorting and filtering leave it alone; SUBTOTAL adds what a filter shows."""
    at = last + 1
    sheet.write_string(at, 0, words["total"], styles(bold=True))
    for index, column in enumerate(table.columns):
        if column.total:
            letter = xl_col_to_name(index)
            said = _share(column.of, table, at + 1) if isinstance(column.of, Share) else f"=SUBTOTAL(9,{letter}{FIRST}:{letter}{last})"
            value = added(table, column)
            sheet.write_formula(at, index, said, styles(column.kind, bold=True), "" if value is None else value)


def put_text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Text as itself: never a formula, a link or a number."""
    if text:
        sheet.write_string(row, column, _plain(text))


def _plain(text: str) -> str:
    """What the library takes as itself: it cuts what is too long with a warning, and takes `<r>…</r>` for markup of its own."""
    if text.startswith("<r>") and text.endswith("</r>"):
        return text + " "
    return text if len(text) <= LONGEST // 2 else text[: LONGEST // 2] + "…"


def _link(sheet: Worksheet, row: int, column: int, target: Table) -> None:
    """A link of the cell to the sheet that it counts; what the cell holds is written over it."""
    sheet.write_url(row, column, f"internal:{quote_sheetname(target.title)}!A1", None, "-")
