"""Counting and adding the rows of tables: every computed number of a report is made here, from the rows that it then links to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from inventory.reports.model import Column, Row, Share, Source, Table, Value

Tables = Mapping[str, Table]


def total(tables: Tables, source: Source) -> int | float:
    """The number that `source` stands for, where it has no `match`."""
    return _whole(_totals(tables[source.table], source).get((), 0))


def computed(tables: Tables, key: str, title: str, columns: tuple[Column, ...], rows: Sequence[Row], note: str = "", group: str = "") -> Table:
    """A table whose first columns are `rows`, and whose other columns (those with `of`, all behind) are computed."""
    own = [column for column in columns if column.of is None]
    place = {column.key: index for index, column in enumerate(columns)}
    filled: list[list[Value]] = [list(row) for row in rows]
    for column in columns[len(own) :]:
        if isinstance(column.of, Source):
            totals = _totals(tables[column.of.table], column.of)
            here = [place[mine] for _, mine in column.of.match]
            for row in filled:
                row.append(_whole(totals.get(tuple(row[index] for index in here), 0)))
        elif isinstance(column.of, Share):
            part, whole = place[column.of.part], [place[one] for one in column.of.whole]
            for row in filled:
                row.append(percent(_number(row[part]), sum(_number(row[index]) for index in whole)))
        else:
            raise TypeError(f"{key}.{column.key}: a column that is not computed stands behind one that is")
    return Table(key, title, columns, [tuple(row) for row in filled], note, group)


def percent(part: float, whole: float) -> float | None:
    """None of nothing."""
    return round(100 * part / whole, 2) if whole else None


def added(table: Table, column: Column) -> Value:
    """What stands below a column in the row of totals."""
    if isinstance(column.of, Share):
        return percent(_sum(table, column.of.part), sum(_sum(table, key) for key in column.of.whole))
    return _sum(table, column.key)


def _sum(table: Table, key: str) -> int | float:
    return _whole(sum(_number(value) for value in table.values(key)))


def _number(value: Value) -> int | float:
    return value if isinstance(value, int | float) else 0


def _totals(table: Table, source: Source) -> Mapping[tuple[Value, ...], int | float]:
    """Per value of the matched columns there: the rows counted, or `source.column` added. Most of a report's time is spent here."""
    rows = table.rows
    for key, value in source.where:
        index = table.index(key)
        rows = [row for row in rows if row[index] == value]
    key_of = _key([table.index(theirs) for theirs, _ in source.match])
    if source.column is None:
        return Counter(map(key_of, rows))
    index = table.index(source.column)
    totals: dict[tuple[Value, ...], int | float] = defaultdict(int)
    for row in rows:
        value = row[index]
        if value and isinstance(value, int | float):
            totals[key_of(row)] += value
    return totals


def _key(indexes: list[int]) -> Callable[[Row], tuple[Value, ...]]:
    if len(indexes) == 1:
        index = indexes[0]
        return lambda row: (row[index],)
    return lambda row: tuple([row[index] for index in indexes])


def _whole(number: int | float) -> int | float:
    """Cents, without the noise of adding floats; whole where it is."""
    rounded = round(number, 2)
    return int(rounded) if float(rounded).is_integer() else rounded
