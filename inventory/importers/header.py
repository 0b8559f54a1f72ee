"""Where a sheet's header stands and which column of the model each title is."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from inventory.importers.book import Cell, Sheet
from inventory.importers.mapping import Mapping, TableMap
from inventory.importers.text import key, tidy
from inventory.importers.values import Factor

_UNIT = re.compile(r"^(.*?)\((?:单位[::]?)?([^()]*)\)$")
_WITHIN = 30  # rows from the top
_MOST_ROWS = 3


@dataclass(frozen=True, slots=True)
class Header:
    """`first`..`last` are its rows; `columns` the sheet's column of each column of the model; `scales` what a title's unit multiplies;
    `doubled` (model's column, first and second place in the sheet); `others` titles that are no column of the model, by place."""

    table: str
    first: int
    last: int
    columns: dict[str, int]
    scales: dict[str, Factor] = field(default_factory=dict)
    doubled: tuple[tuple[str, int, int], ...] = ()
    others: dict[int, str] = field(default_factory=dict)


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
        self.families: MappingOf[str, MappingOf[str, Factor]] = {
            name: mapping.unit_words(column.unit) for name, column in described.columns.items() if column.unit
        }

    def read(self, table: str, filled: list[list[Cell]], first: int, count: int) -> Header:
        columns: dict[str, int] = {}
        scales: dict[str, Factor] = {}
        doubled: list[tuple[str, int, int]] = []
        others: dict[int, str] = {}
        for place in range(len(filled[first])):
            parts = _path([filled[row][place] for row in range(first, first + count)])
            if not parts:
                continue
            found = self.meaning(parts)
            if found is None:
                others[place] = "/".join(parts)
            elif found[0] in columns:
                doubled.append((found[0], columns[found[0]], place))
            else:
                columns[found[0]], scales[found[0]] = place, found[1]
        return Header(table, first, first + count - 1, columns, scales, tuple(doubled), others)

    def meaning(self, parts: list[str]) -> tuple[str, Factor] | None:
        """The column that titles above one another name, and what its unit multiplies; the whole path first, then its ends."""
        for start in range(len(parts)):
            title = key("/".join(parts[start:]))
            unit = _UNIT.match(title)
            if unit and (name := self.index.get(unit[1])) and unit[2] in self.families.get(name, {}):
                return name, self.families[name][unit[2]]
            if title in self.index:
                return self.index[title], 1
        return None


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
