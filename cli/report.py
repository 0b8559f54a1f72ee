"""`xiangyun report`: the auditor's inventory."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.common import HERE, EstateOpt, JsonOpt, LangOpt, ScopeOpt, load, reported, show_json, state_dir

if TYPE_CHECKING:
    from ledger import Entry

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
WHAT = "report.write"


@app.command()
def report(
    out: Annotated[Path | None, typer.Option("--out", help="Where to write; .xiangyun/report beside the estate by default.", show_default=False)] = None,
    lang: LangOpt = "zh",
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="The report's day, YYYY-MM-DD; today by default.", show_default=False)] = None,
    as_json: JsonOpt = False,
) -> None:
    """Write the auditor's inventory: HTML that opens offline, XLSX and JSON; recorded in the ledger with their digests."""
    from datetime import date

    from inventory.errors import InputError
    from inventory.reports import Facts, build
    from inventory.reports.write import write
    from inventory.scope import scoped
    from ledger import Ledger

    with reported():
        try:
            day = date.fromisoformat(as_of) if as_of else date.today()
        except ValueError as error:
            raise InputError(f"--as-of {as_of}: not a day of the form YYYY-MM-DD") from error
        whole = load(estate)
        chosen = scoped(whole, scope)
        ledger = Ledger(state_dir(estate))
        entries = [entry for entry in ledger.entries() if entry.what != WHAT]  # a report changes nothing, and must not change the next one
        facts = Facts(
            as_of=day,
            scope=scope,
            changes=[entry.body() for entry in entries],
            migrations=_last(entries, "migrate.", "system:"),
            clouds=_last(entries, "cloud.", "cloud:"),
        )
        made = build(chosen, facts, lang, whole)
        folder = out or state_dir(estate) / "report"
        digests = write(made, folder)
        ledger.record(what=WHAT, on=f"scope:{scope}" if scope else f"estate:{whole.province}", evidence=digests, note=f"{lang}, as of {day}")
        if as_json:
            show_json({"folder": str(folder), "files": digests, "figures": {figure.title: figure.value for figure in made.figures}})
        else:
            typer.echo("\n".join(f"{folder / name}" for name in digests))


def _last(entries: Iterable[Entry], what: str, on: str) -> dict[str, dict[str, Any]]:
    """What the ledger says of each object, later entries over earlier ones: facts that a note holds as JSON, else the step and its note."""
    import json

    known: dict[str, dict[str, Any]] = {}
    for entry in entries:
        if not (entry.what.startswith(what) and entry.on.startswith(on)):
            continue
        try:
            facts = json.loads(entry.note)
        except ValueError:
            facts = None
        known.setdefault(entry.on, {}).update(facts if isinstance(facts, dict) else {"state": entry.what.removeprefix(what), "note": entry.note})
    return known
