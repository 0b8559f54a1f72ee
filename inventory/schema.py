"""JSON Schema of the estate's tables: pydantic's own, with Chinese titles, notes in both languages, and what a column refers to."""

from __future__ import annotations

from typing import Any

from inventory.errors import InputError
from inventory.tables import LISTS, REFERENCES, TABLES, columns, required
from inventory.titles import TABLES as TITLES
from inventory.titles import note, title

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(name: str | None = None) -> dict[str, Any]:
    """The schema of a row of table `name`; without a name, of an object that holds a list of rows a table. Raises `InputError` for an unknown table.

    `title` is Chinese, `description` English with the Chinese after it; `x-references` names the tables, one of which must hold the id.
    """
    if name is None:
        rows = {table: {"type": "array", "title": TITLES[table][0], "items": _row(table)} for table in TABLES}
        wanted = [table.name for table in TABLES.values() if not table.optional]
        return {"$schema": DIALECT, "type": "object", "properties": rows, "required": wanted, "additionalProperties": False}
    if name not in TABLES:
        raise InputError(f"there is no table {name}: known are {', '.join(TABLES)}")
    return {"$schema": DIALECT, **_row(name)}


def _row(name: str) -> dict[str, Any]:
    table = TABLES[name]
    made = table.row.model_json_schema()
    shared = made.pop("$defs", {})
    properties = {column: _column(name, column, _inlined(made["properties"][column], shared)) for column in columns(table.row)}
    doc = " ".join((table.row.__doc__ or "").split())
    wanted = [column for column in columns(table.row) if column in required(table.row)]
    text = {"title": TITLES[name][0], "description": f"{doc} / {TITLES[name][1]}"}
    return {**text, "type": "object", "properties": properties, "required": wanted, "additionalProperties": False}


def _column(table: str, column: str, made: dict[str, Any]) -> dict[str, Any]:
    notes = " / ".join(text for text in (made.pop("description", ""), note(table, column)) if text)
    made = {"title": title(table, column), **({"description": notes} if notes else {}), **{key: value for key, value in made.items() if key != "title"}}
    if targets := REFERENCES.get((table, column)):
        made |= {"x-references": list(targets), "x-list": True} if (table, column) in LISTS else {"x-references": list(targets)}
    return made


def _inlined(made: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """Without `$ref`: enumerations stand where they are used, so that a column's schema can be read alone."""
    reference = made.get("$ref")
    if reference is None:
        return dict(made)
    found = shared[reference.rpartition("/")[2]]
    return {
        **{key: value for key, value in found.items() if key not in ("title", "description")},
        **{key: value for key, value in made.items() if key != "$ref"},
    }
