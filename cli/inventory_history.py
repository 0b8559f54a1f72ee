"""`xiangyun inventory` diff, graph, query: what changed, what hangs on what, and any question in JMESPath."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.common import HERE, EstateOpt, JsonOpt, LangOpt, ScopeOpt, lang_of, load, reported, show_json


def diff(
    before: Annotated[str, typer.Argument(metavar="REV1", help="A git revision, such as HEAD~3 or a tag.")],
    after: Annotated[str | None, typer.Argument(metavar="[REV2]", help="Another; the folder as it is when left out.", show_default=False)] = None,
    table: Annotated[str | None, typer.Option("--table", help="One table only.", show_default=False)] = None,
    estate: EstateOpt = HERE,
    lang: LangOpt = "zh",
    as_json: JsonOpt = False,
) -> None:
    """Say what changed between two git revisions.

    Columns by their titles, with --json by their names. Exit code 3 when something did.
    """
    from dataclasses import asdict

    from inventory.errors import Exit, InputError
    from inventory.find import NAMES
    from inventory.history import at_revision, changes, shown
    from inventory.load import read_estate
    from inventory.titles import heading

    with reported():
        zh = lang_of(lang) == "zh"
        if table and table not in NAMES:
            raise InputError(f"there is no table {table}: known are {', '.join(NAMES)}")
        old = at_revision(estate, before)
        new = at_revision(estate, after) if after else read_estate(estate)
        found = [row for row in changes(old, new) if table in (None, row.table)]
        if as_json:
            show_json([asdict(row) for row in found])
        for row in [] if as_json else found:
            word = {"added": ("新增", "added"), "removed": ("移除", "removed"), "changed": ("变更", "changed")}[row.kind][0 if zh else 1]
            typer.echo(f"{word} {row.id} {row.name}".rstrip())
            for column, (was, now) in row.columns.items():
                typer.echo(f"  {heading(row.table, column, lang)}: {shown(old, was)} → {shown(new, now)}")
        if not as_json:
            count = {kind: sum(row.kind == kind for row in found) for kind in ("added", "changed", "removed")}
            words = "新增 {added}，变更 {changed}，移除 {removed}" if zh else "{added} added, {changed} changed, {removed} removed"
            typer.echo(words.format(**count))
        if found:
            raise typer.Exit(int(Exit.FOUND))


def graph(
    wanted: Annotated[str, typer.Argument(metavar="ID")],
    depth: Annotated[int, typer.Option("--depth", help="Steps from ID.")] = 2,
    svg: Annotated[Path | None, typer.Option("--svg", help="Write a picture; without it Mermaid text is printed.", show_default=False)] = None,
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """Draw what ID needs, and what needs it."""
    from dataclasses import asdict

    from inventory import graph as drawing
    from inventory.errors import XiangyunError
    from inventory.scope import scoped

    with reported():
        made = drawing.around(scoped(load(estate), scope), wanted, depth)
        if made.cut:
            typer.echo(f"xiangyun: more than {drawing.MOST} things: the picture is cut; use a smaller --depth", err=True)
        if as_json:
            show_json(asdict(made))
        elif svg:
            try:
                svg.write_text(drawing.svg(made), "utf-8")
            except OSError as error:
                raise XiangyunError(f"{svg} cannot be written: {error.strerror}") from error
            typer.echo(f"{svg}: {len(made.nodes)} things, {len(made.edges)} arrows")
        else:
            typer.echo(drawing.mermaid(made), nl=False)


def query(
    expression: Annotated[str, typer.Argument(metavar="JMESPATH")],
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """Ask the estate in JMESPath; tables are lists of rows.

    For instance "systems[?mlps_level >= `3` && !cloud].[id, name]". One answer a line; --json prints it as JSON. Exit code 2 for an expression that is none.
    """
    import json

    import jmespath
    from jmespath.exceptions import JMESPathError

    from inventory.errors import InputError
    from inventory.find import NAMES, rows
    from inventory.scope import scoped

    with reported():
        try:
            compiled = jmespath.compile(expression)
        except JMESPathError as error:
            raise InputError(f"not a JMESPath expression: {' '.join(str(error).split())}") from error
        chosen = scoped(load(estate), scope)
        names = [name for name in NAMES if name in expression] or list(NAMES)  # dumping every row of every table takes longest
        data = {name: [{"id": key, **row.model_dump(mode="json")} for key, row in rows(chosen, name).items()] for name in names}
        try:
            answer = compiled.search(data)
        except JMESPathError as error:
            raise InputError(" ".join(str(error).split())) from error
        if as_json:
            show_json(answer)
            return
        for item in answer if isinstance(answer, list) else [answer]:
            cells = item if isinstance(item, list) else [item]
            typer.echo("\t".join(cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False) for cell in cells))
