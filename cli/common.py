"""What every command shares: options, exit codes, output. No logic of the product."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import date

    from inventory.model import Estate

EstateOpt = Annotated[Path, typer.Option("--estate", envvar="XIANGYUN_ESTATE", help="The estate's folder.")]
ScopeOpt = Annotated[str | None, typer.Option("--scope", help="A scope that the estate names, such as pilot.")]
JsonOpt = Annotated[bool, typer.Option("--json", help="Print JSON.")]
YesOpt = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")]
DryRunOpt = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]
LangOpt = Annotated[str, typer.Option("--lang", help="zh or en.")]
DayOpt = Annotated[str | None, typer.Option("--as-of", help="The day that counts, YYYY-MM-DD; today by default.", show_default=False)]
HERE = Path()


def group(help_text: str) -> typer.Typer:
    """A command group; markup and pretty exceptions stay off, since they import rich at start."""
    return typer.Typer(help=help_text, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@contextmanager
def reported() -> Iterator[None]:
    """Turn our errors (those with an `exit`, an exit code) into one line on stderr; a traceback only with XIANGYUN_DEBUG (`--debug`)."""
    from inventory.errors import Exit

    try:
        yield
    except Exception as error:
        code = getattr(error, "exit", None)
        if not isinstance(code, int) or debugging():
            raise
        typer.echo(f"xiangyun: {error}", err=True)
        raise typer.Exit(int(code)) from error
    except KeyboardInterrupt as error:
        typer.echo("xiangyun: interrupted", err=True)
        raise typer.Exit(int(Exit.INTERRUPTED)) from error


def debugging() -> bool:
    import os

    return bool(os.environ.get("XIANGYUN_DEBUG"))


def load(estate: Path) -> Estate:
    """The estate of a folder; its faults are printed, all of them, and end the command with exit code 2."""
    from inventory.load import load_estate

    with lasting():
        return load_estate(estate)


@contextmanager
def lasting() -> Iterator[None]:
    """What is made within lives as long as the command: the cycle collector need not look through it, then or later."""
    import gc

    from inventory.collector import paused_collector

    with paused_collector():
        yield
        gc.freeze()


def state_dir(estate: Path) -> Path:
    """The folder of durable state beside the estate, made if missing. A folder that is no estate gets none: InputError."""
    from inventory.errors import InputError, XiangyunError
    from inventory.load import is_estate

    folder = estate.resolve() / ".xiangyun"
    if not folder.is_dir() and not is_estate(estate):
        raise InputError(f"{estate} is not an estate (no regions.csv): give one with --estate DIR, or start one with `xiangyun init DIR`")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise XiangyunError(f"{folder} cannot be made: {error.strerror}") from error
    return folder


def writable(folder: Path) -> Path:
    """A folder that files can be written into, made if missing; known before anything else is done. XiangyunError otherwise."""
    import tempfile

    from inventory.errors import XiangyunError

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise XiangyunError(f"{folder} cannot be written: {error.strerror}") from error


def show_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")  # at once: a plan has a hundred thousand lines


def day_of(text: str | None) -> date:
    """The day of an option, today by default."""
    from datetime import date

    from inventory.errors import InputError

    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError as error:
        raise InputError(f"{text}: not a day of the form YYYY-MM-DD") from error


def lang_of(text: str) -> str:
    from inventory.errors import InputError

    if text not in ("zh", "en"):
        raise InputError(f"--lang {text}: known are zh and en")
    return text


def confirm(question: str, yes: bool) -> None:
    """Ask before a change; without a terminal and without --yes this is refused, not assumed."""
    from inventory.errors import Exit

    if yes:
        return
    if not sys.stdin.isatty():
        typer.echo("xiangyun: this changes things and nobody can be asked here: give --yes", err=True)
        raise typer.Exit(int(Exit.USAGE))
    if not typer.confirm(question):
        raise typer.Exit(int(Exit.OK))
