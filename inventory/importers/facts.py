"""What a sheet has beside values: formulas, error cells, hidden rows; what its workbook has that a marked copy would lose."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_CALLS = re.compile(
    r"(?i)\b(WEBSERVICE|HYPERLINK|FILTERXML|IMAGE|RTD|CALL|REGISTER(\.ID)?|EXEC|DDE|IMPORT(XML|HTML|DATA|FEED|RANGE)|SQL\.REQUEST)\s*\("
    r"|\|\s*'"  # DDE: cmd|' /C calc'!A0
    r"|(?<![A-Za-z0-9_\]\u4e00-\u9fff])'?[^'\[\]!]*\[[^\[\]]+\][^\[\]!]*!"  # [1]Sheet!A1, 'C:\dir\[other.xlsx]Sheet'!A1
    r"|\\\\|https?:|file:"
)


def calls_out(formula: str) -> bool:
    """Whether a formula reaches outside its workbook: the web, another file, a program."""
    return _CALLS.search(formula) is not None


@dataclass(slots=True)
class SheetFacts:
    """Cells by (row, column) from 0. `formulas`: whether each has a computed value; `calling`: those that reach outside, by their text."""

    formulas: dict[tuple[int, int], bool] = field(default_factory=dict)
    calling: dict[tuple[int, int], str] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


@dataclass(slots=True)
class BookFacts:
    """Facts by sheet name; `lost`: what the library for marked copies does not keep, (zh, en) pairs."""

    sheets: dict[str, SheetFacts] = field(default_factory=dict)
    lost: list[tuple[str, str]] = field(default_factory=list)
    macros: bool = False
    epoch_1904: bool = False
