"""`xiangyun inventory import` and `export`: units' workbooks in, and out again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.common import HERE, EstateOpt, JsonOpt, LangOpt, YesOpt, confirm, load, reported, show_json


def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Workbooks (.xlsx, .xls, .et, .csv), or folders of them.", show_default=False)],
    mapping: Annotated[Path | None, typer.Option("--mapping", help="Which title is what: a YAML file, or netbox.", show_default=False)] = None,
    preview_only: Annotated[bool, typer.Option("--preview", help="Show what would change, and take nothing.")] = False,
    marked: Annotated[Path | None, typer.Option("--marked", help="Folder for copies with the faulty cells marked.", show_default=False)] = None,
    accept: Annotated[list[str] | None, typer.Option("--accept", help="A decision: NAME=ID or NAME=new.", show_default=False)] = None,
    decisions: Annotated[Path | None, typer.Option("--decisions", help="Decisions, a YAML mapping of names to ids.", show_default=False)] = None,
    partial: Annotated[bool, typer.Option("--partial", help="Take the good rows though others have errors.")] = False,
    estate: EstateOpt = HERE,
    lang: LangOpt = "zh",
    yes: YesOpt = False,
    as_json: JsonOpt = False,
) -> None:
    """Take units' workbooks, or NetBox' CSVs, into the estate, after a preview.

    Exit 0: taken, or nothing to take; 2: a workbook that cannot be read, or errors without --partial; 3 (with --preview): something to take, or problems.
    """
    import gc
    from dataclasses import replace

    from inventory.errors import Exit, InputError
    from inventory.importers.changes import Known
    from inventory.importers.collect import decisions as decided
    from inventory.importers.collect import mentioned, passed_over, read_all, workbooks
    from inventory.importers.mapping import load_mapping
    from inventory.importers.plan import preview
    from inventory.importers.problems import Severity
    from inventory.importers.show import as_data, lines, problem_data, problem_line

    gc.disable()  # millions of cells, no cycles among them: looking for some took a third of the time
    with reported():
        if lang not in ("zh", "en"):
            raise InputError(f"--lang {lang}: expected zh or en")
        found, known = workbooks(files), decided(accept or [], decisions)
        rules, whole = load_mapping(mapping), load(estate)
        books, refused = read_all(found)
        if refused:
            if as_json:
                show_json({"readable": False, "problems": [problem_data(problem) for problem in refused]})
            else:
                typer.echo("\n".join(problem_line(problem, lang) for problem in refused))
            raise InputError(f"{len(refused)} of {len(found)} workbooks cannot be read: nothing was done")
        made = preview(books, whole, rules, Known(known, (*mentioned(estate), *_given(estate))))
        made = replace(made, problems=(*passed_over(files), *made.problems))
        copies = _copies(books, made.problems, marked, lang, as_json)
        takeable = [*made.added, *made.changed]
        if as_json and preview_only:
            _print({"readable": True, **as_data(made), "marked": copies})
        elif not as_json:
            typer.echo("\n".join(lines(made, lang)))
        if preview_only:
            worth = takeable or made.vanished or any(problem.severity is not Severity.NOTE for problem in made.problems)
            raise typer.Exit(int(Exit.FOUND if worth else Exit.OK))
        _take(estate, made, partial, yes, as_json)


def _print(value: Any) -> None:
    """JSON on one line, by the fastest writer there is: a preview may hold millions of values."""
    from pydantic_core import to_json

    typer.echo(to_json(value))


def _given(estate: Path) -> list[str]:
    """Notes of earlier imports, which name the last id given in each region."""
    folder = estate.resolve() / ".xiangyun"
    if not folder.exists():
        return []
    from inventory.importers.take import WHAT
    from ledger import Ledger

    return [entry.note for entry in Ledger(folder).entries() if entry.what == WHAT]


def _copies(books: Any, problems: Any, marked: Path | None, lang: str, quiet: bool) -> dict[str, str]:
    """Write marked copies if asked, after saying what they lose."""
    if marked is None:
        return {}
    from inventory.importers.marked import losses, targets, write_copies
    from inventory.importers.show import problem_line

    copies = targets(books, problems, marked)
    for problem in losses(books, copies):
        typer.echo(problem_line(problem, lang), err=quiet)
    write_copies(books, problems, copies)
    if not quiet:
        for file in copies.values():
            typer.echo(f"{'标注副本' if lang == 'zh' else 'marked copy'}: {file}")
    return {name: str(file) for name, file in copies.items()}


def _take(estate: Path, made: Any, partial: bool, yes: bool, as_json: bool) -> None:
    from inventory.importers.show import as_data
    from inventory.importers.take import take

    count = len(made.added) + len(made.changed)
    if count and (partial or not made.errors):
        confirm(f"Take {len(made.added)} new and {len(made.changed)} changed rows?", yes)
    digests = take(estate, made, partial)
    if as_json:
        _print({"readable": True, **as_data(made), "taken": count if digests else 0, "files": {file: after for file, (_, after) in digests.items()}})
    else:
        typer.echo(f"{count if digests else 0} rows taken")


def export(
    out: Annotated[Path, typer.Option("--out", help="The workbook to write: .xlsx, or .csv for one table.", show_default=False)],
    tables: Annotated[str, typer.Option("--tables", help="Tables, separated by commas.")] = "rooms,assets,systems,data_resources",
    unit: Annotated[str | None, typer.Option("--unit", help="Only this unit's rows (id).", show_default=False)] = None,
    region: Annotated[str | None, typer.Option("--region", help="Only rows of the units of this region (code).", show_default=False)] = None,
    mapping: Annotated[Path | None, typer.Option("--mapping", help="Titles and words to write (YAML).", show_default=False)] = None,
    estate: EstateOpt = HERE,
    as_json: JsonOpt = False,
) -> None:
    """Write tables as the workbook that import reads."""
    from xlsxwriter.exceptions import FileCreateError

    from inventory.errors import InputError, XiangyunError
    from inventory.importers import export as writing
    from inventory.importers.mapping import load_mapping

    with reported():
        names = [name.strip() for name in tables.split(",") if name.strip()]
        suffix = out.suffix.lower()
        if suffix not in (".xlsx", ".csv") or (suffix == ".csv" and len(names) != 1):
            raise InputError(f"--out {out}: expected a .xlsx file, or .csv for one table")
        rules = load_mapping(mapping)
        if rules.form:
            raise InputError(f"--mapping {mapping} is for reading: `xiangyun inventory to {rules.form}` writes")
        made = writing.tables(load(estate), names, rules, unit, region)
        part = out.with_name(f".{out.name}.part{suffix}")
        try:
            if suffix == ".xlsx":
                writing.write_xlsx(part, made)
            else:
                part.write_text(writing.csv_text(made[0]), "utf-8", newline="")
            part.replace(out)
        except (OSError, FileCreateError) as error:
            raise XiangyunError(f"{out} cannot be written: {error}") from error
        counts = {table.sheet: len(table.rows) for table in made}
        if as_json:
            show_json({"file": str(out), "rows": counts})
        else:
            typer.echo(f"{out}: " + ", ".join(f"{sheet} {count}" for sheet, count in counts.items()))
