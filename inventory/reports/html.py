"""A report as one HTML file that opens without a network: style, script, pictures and all rows are inside."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from inventory.reports import links, pictures
from inventory.reports.model import Column, Report, Source, Table, Value

PAGE = Path(__file__).parent / "page"
SCRIPT_WORDS = ("rows", "of", "yes", "no", "all", "total", "clear", "none")


def render(report: Report) -> str:
    """The page's text."""
    environment = Environment(loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined)
    words = report.words
    text = environment.get_template("report.html.j2").render(
        report=report,
        w=words,
        groups=[(words[key], list(tables)) for key, tables in groupby(report.tables, lambda table: table.group)],
        figures=[(figure, pictures.number_text(figure.value, 2), links.link(figure.source, words)) for figure in report.figures],
        style=Markup((PAGE / "style.css").read_text("utf-8")),
        script=Markup((PAGE / "script.js").read_text("utf-8")),
        script_words=embedded({key: words[key] for key in SCRIPT_WORDS}),
        data=[(table.key, embedded(packed(table))) for table in report.tables if table.rows],
        tile_map=Markup(pictures.tile_map(report.tiles, words)),
        topology=Markup(pictures.topology(report.topology, words)),
        charts=[Markup(pictures.bars(chart, report.table(chart.table), words)) for chart in report.charts],
    )
    return text + "\n"


def embedded(value: Any) -> Markup:
    """JSON that can stand within a script element: no `<`, so neither its end nor a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_date)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def packed(table: Table) -> dict[str, Any]:
    """A table by columns: `{"rows": n, "columns": [{key, title, kind, …}], "data": [column, …]}`; see `_packed` for a column."""
    values = list(zip(*table.rows, strict=True))
    return {"rows": len(table.rows), "columns": [_column(column) for column in table.columns], "data": [_packed(column) for column in values]}


def _packed(values: Sequence[Value]) -> Any:
    """The list of its values; where at least half of them come again, `{"d": different values, "i": their places}`."""
    different = dict.fromkeys(values)
    if len(different) * 2 > len(values):
        return list(values)
    places = {value: place for place, value in enumerate(different)}
    return {"d": list(different), "i": [places[value] for value in values]}


def _column(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {"key": column.key, "title": column.title, "kind": column.kind}
    if column.total:
        told["total"] = True
    if column.filter:
        told["filter"] = True
    if isinstance(column.of, Source):
        told["of"] = {"table": column.of.table, "where": column.of.where, "match": column.of.match}
    elif column.of:
        told["share"] = {"part": column.of.part, "whole": column.of.whole}
    return told


def _date(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} is no cell of a table")
