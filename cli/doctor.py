"""`xiangyun doctor`."""

from __future__ import annotations

import typer

from cli.common import JsonOpt, reported, show_json

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def doctor(as_json: JsonOpt = False) -> None:
    """Say what this machine can run, and what to do about the rest. Exit code 1 when something is missing that the demo needs."""
    from inventory.errors import Exit
    from lab.doctor import examine

    with reported():
        checks = examine()
        missing = [check for check in checks if check.state == "missing"]
        if as_json:
            show_json([check.as_dict() for check in checks])
        else:
            for check in checks:
                typer.echo(f"{check.state:8} {check.name:24} {check.detail}")
                if check.advice:
                    typer.echo(f"{'':8} {'':24} → {check.advice}")
            typer.echo(f"{len(missing)} missing: mend these first" if missing else "the demo can run here")
        raise typer.Exit(int(Exit.FAILED if missing else Exit.OK))
