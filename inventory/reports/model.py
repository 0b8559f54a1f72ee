"""A report as data: tables of rows, figures and tables computed from those rows, charts, a tile map and a picture of the topology."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Value = str | int | float | bool | date | None
Row = tuple[Value, ...]
# `number` is whole, `code` a whole number that is no amount (a level, a year), `money` is CNY, `percent` is of 100, `digest` is SHA-256 in hex, `mono` an id
Kind = Literal["text", "mono", "digest", "number", "code", "money", "decimal", "percent", "date", "yes"]
Tone = Literal["", "good", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number comes from: the rows of `table` that fit, counted, or their `column` added.

    A row fits when it has every value of `where`, and, in a cell of another table, the same value as that cell's row in each pair of `match`
    (column there, column here).
    """

    table: str
    column: str | None = None
    where: tuple[tuple[str, Value], ...] = ()
    match: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of the sum of `whole` in percent: columns of the same row."""

    part: str
    whole: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is fixed, `title` in the report's language; `total`: the column is summed; `filter`: readers may filter by its values.

    `of` says what a computed column is computed from; other columns are what the estate says.
    """

    key: str
    title: str
    kind: Kind = "text"
    total: bool = False
    filter: bool = False
    width: int = 14  # characters, in a sheet
    of: Source | Share | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`group` is where it stands in the report's contents."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    note: str = ""
    group: str = ""

    def index(self, key: str) -> int:
        return next(index for index, column in enumerate(self.columns) if column.key == key)

    def values(self, key: str) -> list[Value]:
        index = self.index(key)
        return [row[index] for row in self.rows]


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure and where it comes from."""

    key: str
    title: str
    value: int | float
    unit: str
    source: Source
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Horizontal bars of a computed table: one for each row, made of the columns `series` end to end, named by the column `label`."""

    title: str
    table: str
    label: str
    series: tuple[str, ...]
    scale: int = 1  # what is shown is the value over this
    top: int = 0  # only so many of the longest bars, longest first; 0: all, in the order of the rows


@dataclass(frozen=True, slots=True)
class Tile:
    """A city of the tile map; `name` is its name in the tables."""

    name: str
    column: int
    row: int
    systems: int
    in_cloud: int
    rooms: int
    closed: int


@dataclass(frozen=True, slots=True)
class Node:
    """A device of the topology picture, at `x`, `y` in a unit circle."""

    name: str
    role: str
    plane: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Topology:
    """`left_out` devices of the edge are too many to be drawn."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[tuple[int, int, bool], ...]  # indexes of two nodes, and whether plane B is touched
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    title: str
    lang: str
    as_of: date
    subtitle: str
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    charts: tuple[Chart, ...]
    tiles: tuple[Tile, ...]
    topology: Topology
    words: dict[str, str] = field(default_factory=dict)

    def table(self, key: str) -> Table:
        return next(table for table in self.tables if table.key == key)
