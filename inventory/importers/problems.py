"""What is wrong, or worth saying, about a workbook: each with its workbook, sheet and cell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """`error`: the row is not taken; `warning`: taken, somebody should look; `note`: how something was read."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Place(NamedTuple):
    """A cell (`row` and `column` from 0), a row (`column` is -1), a sheet (both are -1), or a workbook (no sheet)."""

    workbook: str
    sheet: str = ""
    row: int = -1
    column: int = -1

    @property
    def cell(self) -> str:
        """`F12`; `12` for a row."""
        return (letters(self.column) if self.column >= 0 else "") + (str(self.row + 1) if self.row >= 0 else "")

    def __str__(self) -> str:
        return "!".join(filter(None, (self.workbook, self.sheet, self.cell)))


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing about one place; `candidates` are ids of the estate that a decision may choose from, `wanted` the name that it is about."""

    place: Place
    severity: Severity
    code: str
    zh: str
    en: str
    wanted: str = ""
    candidates: tuple[str, ...] = ()

    def said(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


class CellError(Exception):
    """A value that cannot be taken."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code, self.zh, self.en = code, zh, en


def letters(column: int) -> str:
    """Column 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_of(name: str) -> int:
    """The column, from 0, of letters such as AA."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
