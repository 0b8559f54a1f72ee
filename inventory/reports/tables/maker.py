"""Tables of rows, a column a line: its key, how to read it off a thing, and what kind of value it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from inventory.reports.context import Context
from inventory.reports.model import Column, Kind, Share, Source, Table, Value

T = TypeVar("T")


class Maker(Generic[T]):
    """A table in the making; titles are the words of the column's key."""

    def __init__(self, context: Context, key: str, group: str, note: str = "") -> None:
        self.words, self.key, self.group, self.note = context.words, key, group, note
        self.columns: list[Column] = []
        self.reads: list[Callable[[T], Value]] = []

    def __call__(self, key: str, read: Callable[[T], Value], kind: Kind = "text", width: int = 14, *, total: bool = False, filter: bool = False) -> None:  # noqa: A002
        self.columns.append(Column(key, self.words[key], kind, total, filter, width))
        self.reads.append(read)

    def table(self, things: Iterable[T]) -> Table:
        reads = self.reads
        rows = [tuple([read(thing) for read in reads]) for thing in things]
        return Table(self.key, self.words[self.key], tuple(self.columns), rows, self.note, self.group)


class Columns:
    """Columns of a computed table; what is counted or added is a whole number unless it is said to be money."""

    def __init__(self, context: Context) -> None:
        self.words = context.words

    def own(self, key: str, kind: Kind = "text", width: int = 14, *, total: bool = False, filter: bool = False) -> Column:  # noqa: A002
        return Column(key, self.words[key], kind, total, filter, width)

    def of(self, key: str, source: Source, kind: Kind = "number", width: int = 12) -> Column:
        return Column(key, self.words[key], kind, True, False, width, source)

    def share(self, key: str, part: str, *whole: str) -> Column:
        return Column(key, self.words[key], "percent", True, False, 10, Share(part, whole))
