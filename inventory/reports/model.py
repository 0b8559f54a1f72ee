"""A report as data: figures, tables, charts, a tile map and a picture of the topology; HTML, XLSX and JSON are made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Value = str | int | float | bool | date | None
Kind = Literal["text", "number", "money", "decimal", "date", "yes"]  # `number` is whole, `money` is CNY
Tone = Literal["", "good", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is fixed, `title` in the report's language; `total`: the column is summed; `filter`: readers may filter by its values."""

    key: str
    title: str
    kind: Kind = "text"
    total: bool = False
    filter: bool = False
    width: int = 14  # characters, in a sheet


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""

    def index(self, key: str) -> int:
        return next(index for index, column in enumerate(self.columns) if column.key == key)


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure, with where it comes from: rows of `table`, or their sum over `column`, where `where_column` equals `where_value`."""

    title: str
    value: int | float
    unit: str
    table: str
    column: str | None = None
    where_column: str | None = None
    where_value: Value = None
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Horizontal bars: a label, and one length for each of `series`."""

    title: str
    series: tuple[str, ...]
    bars: tuple[tuple[str, tuple[float, ...]], ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A region of the tile map: how many of its systems stand in a cloud."""

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
    title: str
    nodes: tuple[Node, ...]
    edges: tuple[tuple[int, int, bool], ...]  # indexes of two nodes, and whether plane B is touched


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
