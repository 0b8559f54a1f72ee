"""`xiangyun room`: close machine rooms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.common import HERE, EstateOpt, JsonOpt, LangOpt, ScopeOpt, YesOpt, confirm, group, load, reported, show_json, state_dir, writable

app = group("Close machine rooms.")
RoomArg = Annotated[str, typer.Argument(help="A machine room's id, such as room:430224-0001.")]


@app.command()
def show(room: RoomArg, estate: EstateOpt = HERE, as_json: JsonOpt = False) -> None:
    """What is in ROOM, and what keeps it from being closed. Exit code 3 when something does."""
    from inventory.errors import Exit, InputError
    from migration.rooms import remaining

    with reported():
        loaded = load(estate)
        if room not in loaded.rooms:
            raise InputError(f"no machine room {room} in this estate")
        left = remaining(loaded, room)
        assets = [f"{a.id} {a.name} ({a.kind}, {a.status.value})" for a in loaded.assets.values() if a.room == room]
        if as_json:
            show_json({"room": room, "status": loaded.rooms[room].status.value, "assets": assets, "remaining": left})
        else:
            typer.echo(f"{room} {loaded.rooms[room].name}: {loaded.rooms[room].status.value}")
            for line in [*assets, *(f"left: {x}" for x in left)]:
                typer.echo(f"  {line}")
        raise typer.Exit(int(Exit.FOUND if left else Exit.OK))


@app.command()
def retire(
    room: RoomArg,
    media: Annotated[Path, typer.Option("--media", help="How each storage medium was sanitised: a CSV with serial, method, tool, verification, by.")],
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the certificate.")] = None,
    lang: LangOpt = "zh",
    off: Annotated[list[str] | None, typer.Option("--off", metavar="ASSET", help="A host that you vouch for as switched off; recorded.")] = None,
    yes: YesOpt = False,
    as_json: JsonOpt = False,
) -> None:
    """Close ROOM. Hosts are shut down, its network is withdrawn, media and assets recorded, a certificate issued. Exit code 3 while anything is left in it."""
    from datetime import date

    from inventory.errors import InputError
    from migration.certificate import WORDS, write_certificate
    from migration.rooms import Closing, read_media

    with reported():
        if lang not in WORDS:
            raise InputError(f"--lang {lang}: known are {', '.join(WORDS)}")
        load(estate)
        closing = Closing(estate.resolve(), room, scope, read_media(media), lambda line: typer.echo(line, err=True), frozenset(off or ()))
        closing.check()
        folder = writable(out or state_dir(estate) / "certificates")
        confirm(f"Close {room} {closing.room.name} for good?", yes)
        closing.run()

        def issue(facts: dict[str, Any]) -> dict[str, str]:
            return write_certificate(facts, folder, date.today().isoformat(), lang)

        digests = closing.close(issue)
        if as_json:
            show_json({"room": room, "certificate": {str(folder / name): digest for name, digest in digests.items()}})
        for name in [] if as_json else digests:
            typer.echo(f"{folder / name}")
