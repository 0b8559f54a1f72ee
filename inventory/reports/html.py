"""A report as one HTML file that opens without a network: style, script and pictures are inside."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from inventory.reports import pictures
from inventory.reports.model import Column, Report, Value

PAGE = Path(__file__).parent / "page"
MONO = {"id", "where", "subject", "on", "before", "after"}
WIDE = {"finding", "note", "traits"}


def render(report: Report) -> str:
    """The page's text."""
    environment = Environment(loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=False)
    environment.filters["cell"] = cell
    environment.filters["grouped"] = pictures.number_text
    words = report.words
    text = environment.get_template("report.html.j2").render(
        report=report,
        w=words,
        style=Markup((PAGE / "style.css").read_text("utf-8")),
        script=Markup((PAGE / "script.js").read_text("utf-8")),
        script_words=Markup(json.dumps({"rows": words["rows"]}, ensure_ascii=True)),
        tile_map=Markup(pictures.tile_map(report.tiles, words["rooms_closed"])),
        topology=Markup(pictures.topology(report.topology, words["plane"])),
        charts=[Markup(pictures.bars(chart)) for chart in report.charts],
    )
    return text + "\n"


def cell(value: Value, column: Column, words: dict[str, str]) -> Markup:
    """One table cell; numbers carry their bare value beside what is shown, for sorting and sums."""
    if value is None:
        return Markup("<td></td>")
    if isinstance(value, bool):
        return Markup('<td class="{}">{}</td>').format("y" if value else "", words["yes"] if value else words["no"])
    if isinstance(value, int | float):
        shown = str(value) if column.key in ("mlps", "seq") else f"{value:,.2f}" if column.kind == "decimal" else pictures.number_text(value)
        return Markup('<td class="n" data-value="{}">{}</td>').format(value, shown)
    if isinstance(value, date):
        return Markup("<td>{}</td>").format(value.isoformat())
    css = "mono" if column.key in MONO else "w" if column.key in WIDE else ""
    return Markup('<td class="{}">{}</td>').format(css, escape(value)) if css else Markup("<td>{}</td>").format(value)
