"""`xiangyun net import`: adopt a network that exists."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.common import HERE, EstateOpt, JsonOpt, YesOpt, confirm, load, reported, show_json


def import_(
    folder: Annotated[Path, typer.Argument(help="A folder of running configurations, one file a device.")],
    estate: EstateOpt = HERE,
    yes: YesOpt = False,
    preview: Annotated[bool, typer.Option("--preview", help="Only show what would be added.")] = False,
    as_json: JsonOpt = False,
) -> None:
    """Read running configurations into the estate: links, LANs, allocations.

    What is not understood is listed. Exit code 3 with --preview when there is something to add or to say.
    """
    from inventory.edit import TableChange, change_tables
    from inventory.errors import Exit
    from netconf.adopt import adopt

    with reported():
        found = adopt(load(estate), folder)
        rows = {name: added for name, added in found.rows.items() if added}
        if as_json:
            show_json({"rows": rows, "notes": found.notes, "differs": found.differs, "lines": found.lines, "managed": found.managed})
        else:
            for note in found.notes:
                typer.echo(note)
            for table, added in rows.items():
                for row in added:
                    typer.echo(f"+ {table}: {', '.join(str(value) for value in row.values() if value != '')}")
            for line in found.differs:
                typer.echo(f"the design would make otherwise: {line}")
            counts = ", ".join(f"{len(added)} {table}" for table, added in rows.items()) or "nothing"
            typer.echo(f"{found.devices} devices, {found.managed} of {found.lines} lines understood; to be added: {counts}")
        if preview:
            raise typer.Exit(int(Exit.FOUND if rows or found.notes else Exit.OK))
        if rows:
            confirm("Add these rows to the estate?", yes)
            change_tables(estate, {name: TableChange(append=added) for name, added in rows.items()})
            typer.echo("added; look at `xiangyun net plan`", err=True)
