"""The `xiangyun` command: groups are imported only when they are used, so that `--help` starts fast."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

GROUPS = {
    "inventory": "Load, check, show and report the estate.",
    "net": "Plan, show, push and verify the extranet.",
    "cloud": "Preview, apply and compare the clouds.",
    "migrate": "Move systems to the cloud.",
    "room": "Close machine rooms.",
    "report": "Write the auditor's inventory.",
    "audit": "Export and verify the ledger.",
    "lab": "Start and stop the lab's real counterparts.",
}
COMMANDS = {
    "init": "Start an estate for another province.",
    "doctor": "Say what this machine can run, and what to do about the rest.",
    "version": "Print the version.",
}


class LazyGroup(TyperGroup):
    """Command names and help lines are known here; a module is imported when its command runs."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*GROUPS, *COMMANDS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in GROUPS and cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"cli.{cmd_name}")
        return typer.main.get_command(module.app)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([*GROUPS.items(), *COMMANDS.items()])


app = typer.Typer(cls=LazyGroup, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.callback()
def options(debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False) -> None:
    """xiangyun: a province's government network and cloud, as code."""
    if debug:
        os.environ["XIANGYUN_DEBUG"] = "1"


def main(args: list[str] | None = None) -> Any:
    """Entry point; returns through `sys.exit` with the codes of DESIGN section 10."""
    try:
        app(args)
    except KeyboardInterrupt:
        sys.stderr.write("xiangyun: interrupted\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
