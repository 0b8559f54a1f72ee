"""`xiangyun init`: an estate for another province."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.common import JsonOpt, reported, show_json

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="An empty or new folder.", show_default=False)],
    province: Annotated[str | None, typer.Option("--province", help="The province's code (GB/T 2260), such as 430000.", show_default=False)] = None,
    name: Annotated[str | None, typer.Option("--name", help="The province's name.", show_default=False)] = None,
    name_en: Annotated[str, typer.Option("--name-en", help="Its English name; the name by default.", show_default=False)] = "",
    as_json: JsonOpt = False,
) -> None:
    """Start an estate for another province in DIR: all tables with their headers, and commented policy files."""
    from inventory.starter import start

    with reported():
        files = start(folder, _asked(province, "--province", "The province's code (GB/T 2260)"), _asked(name, "--name", "The province's name"), name_en)
        if as_json:
            show_json({"folder": str(folder), "files": files})
            return
        typer.echo(f"{folder}: {', '.join(files)}")
        typer.echo(f"Next: add regions and units, then `xiangyun inventory check --estate {folder}`")


def _asked(value: str | None, option: str, question: str) -> str:
    """The option's value, or the answer at a terminal; without both it is an error."""
    from inventory.errors import InputError

    if value is not None:
        return value
    if not sys.stdin.isatty():
        raise InputError(f"{option} is missing, and nobody can be asked here")
    return str(typer.prompt(question))
