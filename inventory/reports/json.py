"""A report as JSON: the figures and tables, by key, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from inventory.reports.model import Report, Table


def as_dict(report: Report) -> dict[str, Any]:
    """Figures by title, tables as lists of objects; dates in ISO 8601."""
    return {**_head(report), "tables": {table.key: list(_objects(table)) for table in report.tables}}


def render(report: Report) -> str:
    """A line a row, so that two reports can be compared line by line."""
    head = json.dumps(_head(report), ensure_ascii=False, indent=1)
    tables = ",\n".join(f"  {json.dumps(table.key)}: [\n{_lines(table)}\n  ]" if table.rows else f"  {json.dumps(table.key)}: []" for table in report.tables)
    return f'{head.removesuffix("}").rstrip()},\n "tables": {{\n{tables}\n }}\n}}\n'


def _head(report: Report) -> dict[str, Any]:
    return {
        "title": report.title,
        "lang": report.lang,
        "as_of": report.as_of.isoformat(),
        "figures": {figure.title: figure.value for figure in report.figures},
    }


def _objects(table: Table) -> Iterator[dict[str, Any]]:
    keys = [column.key for column in table.columns]
    return (dict(zip(keys, row, strict=True)) for row in table.rows)


def _lines(table: Table) -> str:
    encode = json.JSONEncoder(ensure_ascii=False, default=str).encode
    return ",\n".join("   " + encode(row) for row in _objects(table))
