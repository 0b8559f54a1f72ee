"""Copies of workbooks to send back: faulty cells filled and commented, and a list of all problems on a sheet of its own."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils.exceptions import InvalidFileException

from inventory.errors import InputError, XiangyunError
from inventory.importers.book import Book
from inventory.importers.guard import Kind
from inventory.importers.problems import Place, Problem, Severity

LIST = "问题清单"  # the mapping passes over a sheet of this name, so a corrected copy can be sent in
_FILLS = {Severity.ERROR: "FFFF9999", Severity.WARNING: "FFFFEB9C"}
_HEAD = ("位置 Place", "级别 Severity", "问题", "Problem", "备选 Candidates")


def targets(books: Sequence[Book], problems: Iterable[Problem], folder: Path) -> dict[str, Path]:
    """Where the copy of each workbook with errors or warnings goes. Raises `InputError` where one would lie on an original or on a file that is there."""
    with_problems = {problem.place.workbook for problem in problems if problem.severity in _FILLS}
    found: dict[str, Path] = {}
    for book in books:
        if book.name in with_problems:
            name = book.path.name if book.kind is Kind.XLSX and book.path.suffix.lower() == ".xlsx" else f"{book.path.name}.xlsx"
            file = folder / (name if name not in {other.name for other in found.values()} else f"{book.path.parent.name}-{name}")
            found[book.name] = file
    originals = [book.path for book in books]
    for file in found.values():
        if file.exists() and any(file.samefile(original) for original in originals):
            raise InputError(f"--marked {folder}: {file.name} would overwrite the original; give another folder")
    return found


def losses(books: Iterable[Book], copies: Iterable[str]) -> list[Problem]:
    """What the copies will not hold, said before they are written."""
    wanted = set(copies)
    return [
        Problem(
            Place(book.name),
            Severity.NOTE,
            "copy-loses",
            f"标注副本不保留：{zh}（原件不变）",
            f"the marked copy will not keep {en} (the original stays as it is)",
        )
        for book in books
        if book.name in wanted
        for zh, en in book.facts.lost
    ]


def write_copies(books: Sequence[Book], problems: Sequence[Problem], copies: dict[str, Path]) -> None:
    """Write the copies. Raises `XiangyunError` when one cannot be written."""
    by_book: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_book[problem.place.workbook].append(problem)
    for book in books:
        if book.name in copies:
            workbook = _opened(book)
            _mark(workbook, by_book[book.name])
            try:
                copies[book.name].parent.mkdir(parents=True, exist_ok=True)
                part = copies[book.name].with_name(f".{copies[book.name].name}.part")
                workbook.save(part)
                part.replace(copies[book.name])
            except OSError as error:
                raise XiangyunError(f"{copies[book.name]} cannot be written: {error.strerror}") from error


def _opened(book: Book) -> Any:
    """The workbook as openpyxl keeps it, or its values alone where it was no .xlsx; a formula that reaches outside is text in it."""
    if book.kind is Kind.XLSX:
        try:
            workbook = load_workbook(book.path, keep_links=False)
            for name, facts in book.facts.sheets.items():
                for at, formula in facts.calling.items():
                    cell = _top(workbook[name], at[0] + 1, at[1] + 1)
                    cell.value, cell.data_type, cell.quotePrefix = f"={formula}", "s", True
            return workbook
        except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError):
            pass  # styles that openpyxl cannot read: the values still make a copy
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in book.sheets:
        made = workbook.create_sheet(sheet.name[:31])
        for number, row in enumerate(sheet.rows, 1):
            for place, raw in enumerate(row, 1):
                if raw != "":
                    cell = made.cell(number, place)
                    value = ILLEGAL_CHARACTERS_RE.sub("", raw) if isinstance(raw, str) else raw
                    cell.value = value if isinstance(value, (str, int, float, bool, datetime.date, datetime.time, datetime.timedelta)) else str(value)
                    if isinstance(value, str):
                        cell.data_type = "s"  # never a formula
    return workbook


def _mark(workbook: Any, problems: Sequence[Problem]) -> None:
    said: dict[tuple[str, int, int], list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.severity in _FILLS and problem.place.row >= 0:
            said[problem.place.sheet, problem.place.row, max(problem.place.column, 0)].append(problem)
    for (sheet, row, column), here in said.items():
        if sheet in workbook.sheetnames or len(workbook.sheetnames) == 1:
            cell = _top(workbook[sheet] if sheet in workbook.sheetnames else workbook.worksheets[0], row + 1, column + 1)
            worst = min(here, key=lambda problem: list(_FILLS).index(problem.severity)).severity
            cell.fill = PatternFill("solid", start_color=_FILLS[worst])
            comment = Comment("\n".join(problem.zh for problem in here)[:2000], "湘云")
            comment.width, comment.height = 320, 40 + 40 * len(here)
            cell.comment = comment
    if LIST in workbook.sheetnames:
        del workbook[LIST]
    listed = workbook.create_sheet(LIST)
    listed.append(_HEAD)
    for problem in problems:
        listed.append([_harmless(text) for text in (str(problem.place), str(problem.severity), problem.zh, problem.en, " ".join(problem.candidates))])
        for cell in listed[listed.max_row]:
            cell.data_type = "s"
    for letter, width in zip("ABCDE", (36, 12, 60, 60, 36), strict=True):
        listed.column_dimensions[letter].width = width


def _top(sheet: Any, row: int, column: int) -> Any:
    """The cell itself, or the first of the merged range that it lies in."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        for area in sheet.merged_cells.ranges:
            if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
                return sheet.cell(area.min_row, area.min_col)
    return cell


def _harmless(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", text)
