"""Where a sheet's header stands and which column of the model each title is."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from inventory.importers.book import Cell, Sheet
from inventory.importers.mapping import Mapping, TableMap
from inventory.importers.problems import CellError
from inventory.importers.text import key, tidy
from inventory.importers.values import Factor, factor

_REMARK = re.compile(r"^(.*)\((?:单位[::]?)?([^()]*)\)$")
_NO_UNIT = frozenset(("必填", "选填", "可选", "*"))
_WITHIN = 30  # rows from the top
_MOST_ROWS = 3


@dataclass(frozen=True, slots=True)
class Header:
    """`first`..`last` are its rows; `columns` the sheet's column of each column of the model; `scales` what a title's unit multiplies;
    `doubled` (model's column, first and second place in the sheet); `others` titles that are no column of the model, by place; `unclear` titles of a
    number with something in brackets that is no unit of it, by place: model's column and title."""

    table: str
    first: int
    last: int
    columns: dict[str, int]
    scales: dict[str, Factor] = field(default_factory=dict)
    doubled: tuple[tuple[str, int, int], ...] = ()
    others: dict[int, str] = field(default_factory=dict)
    unclear: dict[int, tuple[str, str]] = field(default_factory=dict)


def tables_named(name: str, mapping: Mapping) -> list[str]:
    """Tables whose sheets may have this name; those that say it exactly come first."""
    word = key(name)
    exact = [table for table, described in mapping.tables.items() if word in map(key, described.sheets)]
    return exact or [table for table, described in mapping.tables.items() if any(fnmatchcase(word, key(pattern)) for pattern in described.sheets)]


def find_header(sheet: Sheet, table: str, mapping: Mapping) -> Header | None:
    """The rows near the top whose titles give most columns; none if they do not even give the key or the id."""
    described = mapping.tables[table]
    titles = _Titles(described, mapping)
    filled = _filled(sheet)
    best: Header | None = None
    for first in range(min(len(filled), _WITHIN)):
        for count in [described.header_rows] if described.header_rows else range(1, _MOST_ROWS + 1):
            if first + count <= len(filled):
                found = titles.read(table, filled, first, count)
                if best is None or (len(found.columns), best.last - best.first) > (len(best.columns), count - 1):  # of equals the one with fewer rows
                    best = found
    if best is None or not ({"id", described.key[0]} & set(best.columns)) or len(best.columns) < 2:
        return None
    return best


class _Titles:
    """What titles mean in one table."""

    def __init__(self, described: TableMap, mapping: Mapping) -> None:
        self.index = {key(title): name for name, column in described.columns.items() for title in column.titles}
        self.ignored = frozenset(map(key, mapping.ignore))
        self.families: MappingOf[str, MappingOf[str, Factor]] = {
            name: mapping.unit_words(column.unit) for name, column in described.columns.items() if column.unit
        }

    def read(self, table: str, filled: list[list[Cell]], first: int, count: int) -> Header:
        columns: dict[str, int] = {}
        scales: dict[str, Factor] = {}
        doubled: list[tuple[str, int, int]] = []
        others: dict[int, str] = {}
        unclear: dict[int, tuple[str, str]] = {}
        for place in range(len(filled[first])):
            parts = _path([filled[row][place] for row in range(first, first + count)])
            if not parts:
                continue
            found = self.meaning(parts)
            if found is None:
                others[place] = "/".join(parts)
            elif found[1] == 0:
                unclear[place] = found[0], "/".join(parts)
            elif found[0] in columns:
                doubled.append((found[0], columns[found[0]], place))
            else:
                columns[found[0]], scales[found[0]] = place, found[1]
        return Header(table, first, first + count - 1, columns, scales, tuple(doubled), others, unclear)

    def meaning(self, parts: list[str]) -> tuple[str, Factor] | None:
        """The column that titles above one another name, and what its unit multiplies (0: not known); the whole path first, then its ends."""
        return next((found for start in range(len(parts)) if (found := self._meaning(key("/".join(parts[start:]))))), None)

    def _meaning(self, title: str) -> tuple[str, Factor] | None:
        """What stands in brackets after a title is the unit of a number, and a remark on everything else: `上线日期（yyyy-mm-dd）`, `是否涉密（是/否）`."""
        if title in self.index and not self._in_family(title):
            return self.index[title], 1
        found = _REMARK.match(title) if title not in self.ignored else None
        if found and found[2] in _NO_UNIT:
            return self._meaning(found[1])
        name = self.index.get(found[1]) if found else None
        if found is None or name is None:
            return (self.index[title], 1) if title in self.index else None
        if name not in self.families:
            return name, 1
        try:
            return name, factor(found[2], self.families[name], 1, title)
        except CellError:
            return name, 0

    def _in_family(self, title: str) -> bool:
        """Whether a title that the mapping has ends with a unit, which then holds."""
        found = _REMARK.match(title)
        return found is not None and found[2] in self.families.get(self.index[title], {})


def _path(cells: list[Cell]) -> list[str]:
    """Titles from above to below; a merged one stands once."""
    parts: list[str] = []
    for cell in cells:
        text = tidy(str(cell)).strip("*＊ ")
        if text and (not parts or parts[-1] != text):
            parts.append(text)
    return parts


def _filled(sheet: Sheet) -> list[list[Cell]]:
    """The top rows with each merged range filled by its first cell."""
    top = [list(row) for row in sheet.rows[: _WITHIN + _MOST_ROWS]]
    for (first_row, first_column), (last_row, last_column) in sheet.merged:
        if first_row >= len(top) or first_column >= len(top[first_row]):
            continue
        value = top[first_row][first_column]
        for row in range(first_row, min(last_row + 1, len(top))):
            for column in range(first_column, min(last_column + 1, len(top[row]))):
                top[row][column] = value
    return top
