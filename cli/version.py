"""`xiangyun version`."""

from __future__ import annotations

import typer

from cli.common import JsonOpt, show_json

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def version(as_json: JsonOpt = False) -> None:
    """Print the version."""
    from importlib.metadata import version as installed

    if as_json:
        show_json({"version": installed("xiangyun")})
    else:
        typer.echo(f"xiangyun {installed('xiangyun')}")
