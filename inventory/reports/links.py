"""The address, within the page, of exactly those rows that a number counts."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from inventory.reports.model import Row, Source, Table, Value

Words = dict[str, str]


def conditions(source: Source, table: Table | None = None, row: Row = ()) -> list[tuple[str, Value]]:
    """Column and value, of all conditions; those that match need the row of `table` that the number stands in."""
    matched = [(theirs, row[table.index(mine)]) for theirs, mine in source.match] if table else []
    return [*source.where, *matched]


def link(source: Source, words: Words, table: Table | None = None, row: Row = ()) -> str:
    """`#assets?status=in%20use`: the script of the page filters the table by it."""
    return to(source.table, conditions(source, table, row), words)


def to(table: str, values: Iterable[tuple[str, Value]], words: Words) -> str:
    """The `?` stands there without conditions too: the page then takes away what the table was filtered by."""
    return f"#{table}?" + "&".join(f"{key}={quote(text_of(value, words), safe='')}" for key, value in values)


def text_of(value: Value, words: Words) -> str:
    """A value as the page compares it: yes and no as words, nothing as the empty text."""
    return "" if value is None else words["yes" if value else "no"] if isinstance(value, bool) else str(value)
