"""`xiangyun migrate`: move systems to the cloud."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.common import HERE, EstateOpt, JsonOpt, ScopeOpt, YesOpt, confirm, group, load, reported, show_json, state_dir

app = group("Move systems to the cloud.")
SystemArg = Annotated[str, typer.Argument(help="A system's id, such as system:430224-0001.")]


@app.command()
def assess(
    system: Annotated[str | None, typer.Argument(help="A system's id; all of the scope when left out.")] = None,
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """Say what should become of each system, and why.

    A decision (`xiangyun inventory decide`) stands over what the figures say. Exit code 3 when a system that should move is blocked.
    """
    from dataclasses import asdict
    from datetime import date

    from inventory.errors import Exit
    from inventory.scope import scoped
    from migration.assess import assess_all

    with reported():
        loaded = load(estate)
        found = assess_all(loaded, [system] if system else sorted(scoped(loaded, scope).systems), date.today())
        if as_json:
            show_json([{**asdict(a), "disposition": a.disposition.value} for a in found])
        else:
            for a in found:
                typer.echo(f"{a.system}  {a.disposition.value:10}  {'; '.join(a.reasons)}" + "".join(f"\n    blocked: {b}" for b in a.blockers))
        raise typer.Exit(int(Exit.FOUND if any(a.blockers for a in found) else Exit.OK))


@app.command()
def run(system: SystemArg, estate: EstateOpt = HERE, scope: ScopeOpt = None, yes: YesOpt = False, as_json: JsonOpt = False) -> None:
    """Begin the move of SYSTEM, or carry it on. Exit code 4 while it waits for an approval, 1 when it failed or was taken back by itself."""
    from inventory.errors import Exit
    from migration.workflow import WAITS, Moves, running

    with reported():
        folder, state = estate.resolve(), state_dir(estate)
        moves = Moves(folder, state)
        _refuse_blocked(folder, system, moved_here=moves.current(system) is not None)
        if (measured := moves.done(system)) is not None:
            typer.echo("nothing to do: it was moved", err=True)
            _show("done", measured, as_json)
            return
        confirm(f"Move {system}?", yes)
        with running(state, lambda line: typer.echo(line, err=True)):
            ended, result = moves.run(system, scope)
        _show(ended, result, as_json)
        if ended == WAITS:
            typer.echo(f"approve with: xiangyun migrate approve {system}", err=True)
            raise typer.Exit(int(Exit.WAITING))
        raise typer.Exit(int(Exit.FAILED if result.get("why") else Exit.OK))


def _refuse_blocked(folder: Path, system: str, *, moved_here: bool) -> None:
    from datetime import date

    from inventory.errors import InputError
    from migration.assess import assess as assessed

    loaded = load(folder)
    found = assessed(loaded, system, date.today())
    half_way = moved_here and loaded.systems[system].cloud
    if found.blockers or not (found.moves or half_way):
        raise InputError(f"{system} does not move ({found.disposition.value}): {'; '.join(found.blockers or found.reasons)}")


def _show(state: str, result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show_json({"state": state, **result})
        return
    typer.echo(f"state: {state}")
    for key, value in result.items():
        typer.echo(f"  {key}: {json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value}")


@app.command()
def approve(
    system: SystemArg,
    estate: EstateOpt = HERE,
    who: Annotated[str | None, typer.Option("--as", help="Who approves; the user of this machine when left out.")] = None,
    as_json: JsonOpt = False,
) -> None:
    """Approve the move that was assessed. The approval is signed into the ledger."""
    from migration.workflow import Moves

    with reported():
        approved = Moves(estate.resolve(), state_dir(estate)).approve(system, who)
        if as_json:
            show_json({"system": system, "approved": approved})
        else:
            typer.echo(f"approved: {system}, plan {approved[:12]}")


@app.command()
def rollback(system: SystemArg, estate: EstateOpt = HERE, scope: ScopeOpt = None, yes: YesOpt = False, as_json: JsonOpt = False) -> None:
    """Bring SYSTEM back to its room, with all that was written since. While its move is being watched."""
    from inventory.errors import Exit
    from migration.workflow import BusyError, Moves, running

    with reported():
        state = state_dir(estate)
        confirm(f"Bring {system} back to its room?", yes)
        moves = Moves(estate.resolve(), state)
        workflow = moves.roll_back(system)
        refused = moves.refused(workflow)
        try:
            with running(state, lambda line: typer.echo(line, err=True)):
                ended, result = moves.follow(workflow)
        except BusyError:
            typer.echo(f"the word to go back is sent to the process that carries out {system}", err=True)
            ended, why = moves.gone_back(workflow, refused, GOING_BACK_S)
            result = {"why": why} if why else {}
        _show(ended, result, as_json)
        raise typer.Exit(int(Exit.OK if ended == "rolled back" else Exit.FAILED))


GOING_BACK_S = 900  # what another process may take for it


@app.command()
def status(estate: EstateOpt = HERE, as_json: JsonOpt = False) -> None:
    """The state of every move."""
    from migration.workflow import Moves

    with reported():
        state = state_dir(estate)
        states = Moves(estate.resolve(), state).all()
        if as_json:
            show_json(states)
        else:
            for system, now in states.items():
                typer.echo(f"{system}  {now}")
            if not states:
                typer.echo("nothing was moved yet")
