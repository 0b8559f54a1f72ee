"""A file to sheets of raw cells: .xlsx, .xls and WPS .et by calamine, CSV by the standard library; everything else is refused."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from inventory.importers import biff, ooxml
from inventory.importers.facts import BookFacts, SheetFacts
from inventory.importers.guard import LIMITS, Kind, Limits, RefusedError, content_of, kind_of, locked

Cell = Any
_ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(slots=True)
class Sheet:
    """`rows` from the first row of the sheet on, all of one length; `merged`: first and last (row, column), both included; `table`: what it is known to be."""

    name: str
    rows: list[list[Cell]]
    hidden: bool = False
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    facts: SheetFacts = field(default_factory=SheetFacts)
    table: str = ""


@dataclass(slots=True)
class Book:
    """A workbook; `name` is how problems name it, `digest` the SHA-256 of the file in hex."""

    name: str
    path: Path
    kind: Kind
    digest: str
    sheets: list[Sheet]
    facts: BookFacts


def read_book(file: Path, name: str | None = None, limits: Limits = LIMITS) -> Book:
    """The workbook of a file. Raises `RefusedError` with the reason."""
    content = content_of(file, limits)
    kind = kind_of(content, file.suffix.lower())
    sheets, facts = _csv(content, file.stem, limits) if kind is Kind.CSV else _workbook(content, kind, limits)
    if not any(sheet.rows for sheet in sheets):
        raise RefusedError("book-empty", "工作簿里没有任何内容", "the workbook holds nothing")
    return Book(name or file.name, file, kind, sha256(content).hexdigest(), sheets, facts)


def _workbook(content: bytes, kind: Kind, limits: Limits) -> tuple[list[Sheet], BookFacts]:
    facts = ooxml.facts_of(content, limits) if kind is Kind.XLSX else biff.facts_of(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            sheets = []
            for meta in workbook.sheets_metadata:
                if meta.typ is SheetTypeEnum.WorkSheet:
                    found = workbook.get_sheet_by_name(meta.name)
                    rows = found.to_python(skip_empty_area=False)
                    merged = found.merged_cell_ranges or []
                    hidden = meta.visible is not SheetVisibleEnum.Visible
                    sheets.append(Sheet(meta.name, rows, hidden, merged, facts.sheets.get(meta.name, SheetFacts())))
            return sheets, facts
    except PasswordError as error:
        raise locked() from error
    except (CalamineError, ValueError, OSError) as error:
        raise RefusedError("file-damaged", f"文件已损坏或不完整：{error}", f"damaged or cut short: {error}") from error
    except BaseException as error:  # a panic of the reader's Rust code is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise RefusedError("file-damaged", "文件已损坏：读取程序无法解析", "damaged: the reader gave up") from error


def _csv(content: bytes, name: str, limits: Limits) -> tuple[list[Sheet], BookFacts]:
    text = _decoded(content)
    if "\0" in text:
        raise RefusedError("file-kind", "内容不是文本表格（含空字符）", "the content is no text: it holds NUL characters")
    rows: list[list[Cell]] = []
    widest = 0
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True):
            rows.append(list(record))
            widest = max(widest, len(record))
            if len(rows) > limits.rows or widest > limits.columns:
                raise RefusedError(
                    "sheet-size",
                    f"超过上限（{limits.rows} 行、{limits.columns} 列）：请拆分",
                    f"over the limit of {limits.rows} rows and {limits.columns} columns: split it",
                )
    except csv.Error as error:
        raise RefusedError("file-damaged", f"第 {len(rows) + 1} 行不是 CSV：{error}", f"row {len(rows) + 1} is not CSV: {error}") from error
    return [Sheet(name, [row + [""] * (widest - len(row)) for row in rows])], BookFacts()


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RefusedError("file-encoding", "文字编码既不是 UTF-8 也不是 GB18030", "the text is neither UTF-8 nor GB18030")


def _delimiter(text: str) -> str:
    """What separates the first lines: commas unless they hold more tabs or semicolons."""
    head = "".join(text.splitlines(keepends=True)[:5])
    return max(",\t;", key=lambda mark: (head.count(mark), mark == ","))
