"""`xiangyun inventory`: check, show and list the estate."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import intake, inventory_history, inventory_insight, report
from cli.common import HERE, EstateOpt, JsonOpt, ScopeOpt, group, load, reported, show_json

app = group("Load, check, show and report the estate.")


@app.command()
def check(estate: EstateOpt = HERE, scope: ScopeOpt = None, as_json: JsonOpt = False) -> None:
    """Load and check the whole estate: every fault and warning.

    Exit 0: no errors; 2: files that cannot be read; 3: findings of severity error.
    """
    from dataclasses import asdict

    from inventory.checks import Severity, run
    from inventory.errors import Exit
    from inventory.find import NAMES, rows
    from inventory.load import EstateFaults, read_estate
    from inventory.scope import scoped

    with reported():
        try:
            whole = read_estate(estate)
        except EstateFaults as faults:
            if as_json:
                show_json({"readable": False, "faults": [asdict(fault) for fault in faults.faults], "findings": []})
                raise typer.Exit(int(Exit.USAGE)) from faults
            raise
        findings = run(whole)
        if scope:
            outside = {key for name in NAMES for key in rows(whole, name)} - {key for name in NAMES for key in rows(scoped(whole, scope), name)}
            findings = [finding for finding in findings if finding.subject not in outside]
        errors = sum(finding.severity is Severity.ERROR for finding in findings)
        counts = {name: len(rows(whole, name)) for name in NAMES}
        if as_json:
            show_json({"readable": True, "faults": [], "findings": [asdict(finding) for finding in findings], "counts": counts})
        else:
            for finding in findings:
                typer.echo(f"{finding.place}: {finding.severity} {finding.rule}: {finding.en}")
            typer.echo(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count))
            typer.echo(f"{estate}: {errors} errors, {len(findings) - errors} warnings")
        if errors:
            raise typer.Exit(int(Exit.FOUND))


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
app.add_typer(intake.app, name="intake")
app.command()(report.report)
