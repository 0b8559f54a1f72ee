"""Which sheets of a workbook are tables of the estate, and what is to be said about how each was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from inventory.importers.book import Book, Cell
from inventory.importers.guard import Kind
from inventory.importers.header import find_header, tables_named
from inventory.importers.mapping import Mapping as MappingFile
from inventory.importers.problems import Place, Problem, Severity, letters
from inventory.importers.rows import Rows, merged_down, read_rows
from inventory.importers.text import key
from inventory.titles import TABLES


def read_sheets(book: Book, mapping: MappingFile, problems: list[Problem]) -> list[Rows]:
    """The sheets that are tables; how the others were passed over is said."""
    found: list[Rows] = []
    for sheet in book.sheets:
        at = Place(book.name, sheet.name)
        if key(sheet.name) in map(key, mapping.ignore_sheets) and book.kind is not Kind.CSV:
            problems.append(Problem(at, Severity.NOTE, "sheet-ignored", "按映射不读此表", "not read, as the mapping says"))
            continue
        if not sheet.rows:
            problems.append(Problem(at, Severity.NOTE, "sheet-empty", "空工作表", "an empty sheet"))
            continue
        named = [sheet.table] if sheet.table else tables_named(sheet.name, mapping)
        headers = [header for table in named or mapping.tables if (header := find_header(sheet, table, mapping))]
        best = max(headers, key=lambda header: len(header.columns), default=None)
        if best is None or (not named and len(best.columns) < 3):
            _no_header(at, named, problems)
            continue
        rows = read_rows(book, sheet, best, mapping)
        _describe(rows, named, mapping)
        problems += rows.problems
        found.append(rows)
    if not found:
        problems.append(Problem(Place(book.name), Severity.ERROR, "no-table", "没有映射认识的工作表", "no sheet that the mapping knows"))
    if book.facts.macros:
        problems.append(
            Problem(Place(book.name), Severity.NOTE, "macros", "含宏：没有执行，只读单元格的值", "holds macros: none was run, only values of cells are read")
        )
    return found


def _no_header(at: Place, named: list[str], problems: list[Problem]) -> None:
    if named:
        problems.append(Problem(at, Severity.ERROR, "no-header", "找不到表头：至少要有名称列", "no header found: at least the name's column is needed"))
    else:
        problems.append(Problem(at, Severity.WARNING, "sheet-unknown", "映射不认识此表，没有读", "the mapping knows no such sheet: it was not read"))


def _describe(rows: Rows, named: list[str], mapping: MappingFile) -> None:
    """Notes on how a sheet was read, and the faults of its header."""
    at, sheet, header = rows.place(-1), rows.sheet, rows.header

    def say(place: Place, severity: Severity, code: str, zh: str, en: str) -> None:
        rows.problems.append(Problem(place, severity, code, zh, en))

    if not named:
        say(at, Severity.NOTE, "sheet-by-content", f"按表头认作{TABLES[header.table][0]}表", f"taken for {header.table} by its header")
    if sheet.hidden:
        say(at, Severity.NOTE, "sheet-hidden", "隐藏的工作表，已照常读取", "a hidden sheet; it was read like the others")
    hidden = sorted(sheet.facts.hidden_rows & set(rows.numbers))
    if hidden:
        listed = ", ".join(str(number + 1) for number in hidden[:20]) + (", …" if len(hidden) > 20 else "")
        say(at, Severity.NOTE, "rows-hidden", f"{len(hidden)} 个隐藏行已照常读取：{listed}", f"{len(hidden)} hidden rows were read like the others: {listed}")
    if columns_hidden := sorted(sheet.facts.hidden_columns & set(header.columns.values())):
        listed = ", ".join(map(letters, columns_hidden))
        say(at, Severity.NOTE, "columns-hidden", f"隐藏列已照常读取：{listed}", f"hidden columns were read like the others: {listed}")
    if merged := [f"{letters(column)}{first + 1}:{letters(column)}{last + 1}" for column, first, last in merged_down(sheet, header)]:
        listed = ", ".join(merged[:20]) + (", …" if len(merged) > 20 else "")
        say(at, Severity.NOTE, "cells-merged", f"合并单元格的值用于其中每一行：{listed}", f"the value of a merged cell holds for each of its rows: {listed}")
    computed = len(sheet.facts.formulas) - len(sheet.facts.calling)
    if computed:
        say(at, Severity.NOTE, "formulas", f"{computed} 个公式按上次计算的值读取", f"of {computed} formulas the last computed values were read")
    rows.problems += unread(Place(at.workbook, at.sheet, header.last), header.others, [sheet.rows[number] for number in rows.numbers], mapping)
    for place, (name, title) in header.unclear.items():
        say(
            Place(at.workbook, at.sheet, header.last, place),
            Severity.ERROR,
            "column-unit",
            f"括号里不是“{mapping.tables[header.table].columns[name].titles[0]}”的单位，此列未读：{title}",
            f"what stands in brackets is no unit of {name}, so the column was not read: {title}",
        )
    for name, first, second in header.doubled:
        say(
            Place(at.workbook, at.sheet, header.last, second),
            Severity.ERROR,
            "column-doubled",
            f"与 {letters(first)} 列重复（{mapping.tables[header.table].columns[name].titles[0]}）：删去一列，此表暂不接收",
            f"the same column as {letters(first)} ({name}): remove one; nothing of this sheet is taken",
        )
        rows.refused.update(rows.numbers)
    for number, why in rows.skipped.items():
        zh, en = _SKIPPED[why]
        say(rows.place(number), Severity.NOTE, f"skipped-{why}", f"{zh}，未读", f"{en}, left out")


def unread(header: Place, titles: Mapping[int, str], rows: Iterable[list[Cell]], mapping: MappingFile) -> Iterator[Problem]:
    """A note for each title that nothing reads, unless the mapping ignores it or no row has anything there."""
    ignored = set(map(key, mapping.ignore))
    for place, title in titles.items():
        if key(title) not in ignored and any(row[place] not in ("", None) for row in rows):
            zh, en = f"映射不认识此列，未读：{title}", f"the mapping knows no such column, not read: {title}"
            yield Problem(Place(header.workbook, header.sheet, header.row, place), Severity.NOTE, "column-unknown", zh, en)


_SKIPPED = {
    "nothing": ("要读的列都是空的（只有序号、小标题或备注）", "nothing in any column that is read: a number, a heading or a remark alone"),
    "heading": ("小标题行", "a heading between rows"),
    "total": ("合计行", "a row of totals"),
    "remark": ("备注或签字行", "a remark or signature"),
    "example": ("示例行", "an example"),
    "header": ("重复的表头", "the header once more"),
}
