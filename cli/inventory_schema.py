"""`xiangyun inventory schema`: the form of the estate's tables, for editors and for other programs."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.common import JsonOpt, reported, show_json


def schema(
    table: Annotated[str | None, typer.Argument(metavar="TABLE", help="A table, such as systems; all without one.", show_default=False)] = None,
    as_json: JsonOpt = False,
) -> None:
    """Show a table's columns, or with --json its JSON Schema."""
    from inventory.schema import schema as made

    with reported():
        found = made(table)
        if as_json:
            show_json(found)
            return
        tables = {table: found} if table else {name: rows["items"] for name, rows in found["properties"].items()}
        for name, row in tables.items():
            typer.echo(f"{name}.csv  {row['title']}")
            for column, values in row["properties"].items():
                must = "*" if column in row["required"] else " "
                typer.echo(f"  {must} {column:<22} {values['title']:<12} {values.get('description', '')}".rstrip())
