"""A report as JSON: the figures and tables, by key, for programs."""

from __future__ import annotations

import json
from typing import Any

from inventory.reports.model import Report


def as_dict(report: Report) -> dict[str, Any]:
    """Figures by title, tables as lists of objects; dates in ISO 8601."""
    return {
        "title": report.title,
        "lang": report.lang,
        "as_of": report.as_of.isoformat(),
        "figures": {figure.title: figure.value for figure in report.figures},
        "tables": {table.key: [dict(zip((column.key for column in table.columns), row, strict=True)) for row in table.rows] for table in report.tables},
    }


def render(report: Report) -> str:
    return json.dumps(as_dict(report), ensure_ascii=False, indent=1, default=str) + "\n"
