"""`xiangyun inventory`: check, show and list the estate."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import intake, inventory_history, inventory_import, inventory_insight, inventory_to, report
from cli.common import HERE, EstateOpt, JsonOpt, ScopeOpt, group, load, reported, show_json
from cli.inventory_check import check
from cli.inventory_schema import schema

app = group("Load, check, show and report the estate.")
app.command("check")(check)


@app.command()
def show(wanted: Annotated[str, typer.Argument(metavar="ID")], estate: EstateOpt = HERE, as_json: JsonOpt = False) -> None:
    """Show one thing, where it was read, and who refers to it."""
    from inventory.find import as_json as plain
    from inventory.find import find, referrers

    with reported():
        whole = load(estate)
        table, row = find(whole, wanted)
        named_by = sorted(referrers(whole, wanted))
        values = plain(row)
        if as_json:
            show_json({"table": table, "origin": whole.origins.get(wanted), **values, "named_by": [{"id": key, "column": column} for key, column in named_by]})
            return
        typer.echo(f"{wanted}  ({whole.origins.get(wanted)})")
        for name, value in values.items():
            if value not in (None, "", [], {}):
                typer.echo(f"  {name:<16} {value}")
        for key, column in named_by:
            typer.echo(f"  <- {key} ({column})")


@app.command("list")
def list_(
    table: Annotated[str, typer.Argument(help="A table, such as systems, rooms, devices, clouds.")],
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """List a table, a line a row: id and name."""
    from inventory.find import as_json as plain
    from inventory.find import rows
    from inventory.scope import scoped

    with reported():
        found = rows(scoped(load(estate), scope), table)
        if as_json:
            show_json([{"id": key, **plain(row)} for key, row in found.items()])
            return
        width = max(map(len, found), default=0)
        for key, row in found.items():
            typer.echo(f"{key:<{width}}  {getattr(row, 'name', '')}".rstrip())


app.command()(inventory_insight.zombies)
app.command()(inventory_insight.decide)
app.command()(inventory_insight.catalogue)
app.command()(inventory_insight.progress)
app.command()(inventory_history.diff)
app.command()(inventory_history.graph)
app.command()(inventory_history.query)
app.command()(inventory_to.to)
app.add_typer(intake.app, name="intake")
app.command("import")(inventory_import.import_)
app.command("export")(inventory_import.export)
app.command("schema")(schema)
app.command()(report.report)
