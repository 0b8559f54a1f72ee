"""`xiangyun audit`: the ledger, exported, listed and verified."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.common import HERE, EstateOpt, JsonOpt, group, reported, show_json, state_dir

if TYPE_CHECKING:
    from ledger import Ledger

app = group("Export and verify the ledger.")
FileArg = Annotated[Path, typer.Argument(help="The file.", show_default=False)]


@app.command()
def export(file: FileArg, estate: EstateOpt = HERE, as_json: JsonOpt = False) -> None:
    """Write the whole ledger to FILE. Its public key is .xiangyun/keys/ledger.pub beside the estate."""
    with reported():
        ledger = _ledger(estate)
        size = ledger.export(file)
        if as_json:
            show_json({"file": str(file), "size": size, "public_key": str(ledger.public_key_file)})
        else:
            typer.echo(f"{file}: {size} entries; verify with: xiangyun audit verify {file} --key {ledger.public_key_file}")


@app.command()
def checkpoint(file: FileArg, estate: EstateOpt = HERE, as_json: JsonOpt = False) -> None:
    """Write the signed checkpoint to FILE. An auditor who keeps it finds a later truncation."""
    from ledger.errors import LedgerError

    with reported():
        ledger = _ledger(estate)
        signed = ledger.checkpoint()
        try:
            file.write_text(ledger.note(signed), "utf-8")
        except OSError as error:
            raise LedgerError(f"{file} cannot be written: {error.strerror}") from error
        if as_json:
            show_json({"file": str(file), "origin": signed.origin, "size": signed.size, "root": signed.root.hex()})
        else:
            typer.echo(f"{file}: {signed.size} entries, root {signed.root.hex()}")


@app.command()
def verify(
    file: FileArg,
    key: Annotated[Path, typer.Option("--key", help="The ledger's public key, a PEM file.")],
    checkpoint: Annotated[Path | None, typer.Option("--checkpoint", help="A checkpoint that was kept.")] = None,
    as_json: JsonOpt = False,
) -> None:
    """Check an exported ledger with its public key alone. Exit 0: as recorded; 3: tampered with; 2: unreadable."""
    from inventory.errors import Exit
    from ledger import verify as check

    with reported():
        verdict = check(file, key, checkpoint)
        if as_json:
            problems = [{"seq": problem.seq, "what": problem.what} for problem in verdict.problems]
            show_json({"ok": verdict.ok, "size": verdict.size, "root": verdict.root, "problems": problems})
        elif verdict.ok:
            kept = ", and it continues the kept checkpoint" if checkpoint else ""
            typer.echo(f"{file}: {verdict.size} entries, as they were recorded{kept}; root {verdict.root}")
        else:
            typer.echo(f"{file}: TAMPERED WITH\n" + "\n".join(f"  {problem}" for problem in verdict.problems))
        if not verdict.ok:
            raise typer.Exit(int(Exit.FOUND))


@app.command("list")
def list_(estate: EstateOpt = HERE, as_json: JsonOpt = False) -> None:
    """List the entries, oldest first."""
    with reported():
        entries = _ledger(estate).entries()
        if as_json:
            show_json([entry.body() for entry in entries])
            return
        for entry in entries:
            typer.echo(f"{entry.seq:>5}  {entry.time}  {entry.who}  {entry.what}  {entry.on}  {entry.note}".rstrip())
        if not entries:
            typer.echo("nothing was recorded yet")


def _ledger(estate: Path) -> Ledger:
    """The estate's ledger; a folder that is no estate gets none."""
    from inventory.errors import InputError
    from ledger import Ledger

    if not (estate / "regions.csv").exists() and not (estate / ".xiangyun").is_dir():
        raise InputError(f"{estate} is not an estate: give one with --estate DIR")
    return Ledger(state_dir(estate))
