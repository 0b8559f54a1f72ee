"""`xiangyun report`: the auditor's inventory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.common import HERE, DayOpt, EstateOpt, JsonOpt, LangOpt, ScopeOpt, day_of, load, reported, show_json, state_dir

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
WHAT = "report.write"


@app.command()
def report(
    out: Annotated[Path | None, typer.Option("--out", help="Where to write; .xiangyun/report beside the estate by default.", show_default=False)] = None,
    lang: LangOpt = "zh",
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    as_of: DayOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """Write the auditor's inventory as HTML, XLSX and JSON.

    The HTML opens offline; the digests of all three are recorded in the ledger.
    The day (--as-of) cannot lie before what the estate's rows say already: check out the revision of that day instead.
    """
    from inventory.reports import Facts, build
    from inventory.reports.day import check_day, today
    from inventory.reports.notes import until
    from inventory.reports.write import write
    from inventory.scope import scoped
    from ledger import Ledger

    with reported():
        day = day_of(as_of) if as_of else today()
        whole = load(estate)
        chosen = scoped(whole, scope)
        ledger = Ledger(state_dir(estate))
        bodies = [entry.body() for entry in ledger.entries() if entry.what != WHAT]  # a report changes nothing, and must not change the next one
        check_day(whole, bodies, day, today())
        entries = until(bodies, day)
        facts = Facts(
            as_of=day,
            scope=scope,
            changes=entries,
            migrations=_last(entries, "migrate.", "system:"),
            clouds=_last(entries, "cloud.", "cloud:"),
        )
        made = build(chosen, facts, lang, whole if scope else None)
        folder = out or state_dir(estate) / "report"
        digests = write(made, folder)
        ledger.record(what=WHAT, on=f"scope:{scope}" if scope else f"estate:{whole.province}", evidence=digests, note=f"{lang}, as of {day}")
        if as_json:
            show_json({"folder": str(folder), "files": digests, "figures": {figure.title: figure.value for figure in made.figures}})
        else:
            typer.echo("\n".join(f"{folder / name}" for name in digests))


def _last(entries: Iterable[Mapping[str, Any]], what: str, on: str) -> dict[str, dict[str, Any]]:
    """What the ledger says of each object, later entries over earlier ones: facts that a note holds as JSON, else the step, and why it failed."""
    from inventory.reports.notes import facts_of

    known: dict[str, dict[str, Any]] = {}
    for entry in entries:
        if entry["what"].startswith(what) and entry["on"].startswith(on):
            failed = entry["note"].startswith("failed:")  # as `xiangyun cloud` notes it
            step = {"state": "failed" if failed else entry["what"].removeprefix(what), "note": entry["note"] if failed else ""}
            known[entry["on"]] = {**known.get(entry["on"], {}), "note": "", **(facts_of(entry["note"]) or step)}
    return known
