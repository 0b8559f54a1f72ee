"""`xiangyun net` address, sid, topology, explain, build: what the design gives, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.common import HERE, EstateOpt, JsonOpt, LangOpt, ScopeOpt, lang_of, lasting, load, reported, show_json, writable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from inventory.model import Estate
    from netconf.check_config import Checked
    from netconf.model.network import Network

ExportOpt = Annotated[Path | None, typer.Option("--export", help="Write the whole table into this CSV file.", show_default=False)]


def designed(folder: Path, scope: str | None) -> tuple[Estate, Network]:
    """The (scoped) estate and its network, with the allocations that it would be given."""
    from inventory.scope import scoped
    from netconf.design import design

    estate = scoped(load(folder), scope)
    with lasting():
        return estate, design(estate).network


def address(
    wanted: Annotated[str | None, typer.Argument(metavar="[ADDRESS|PREFIX]", help="An address or a prefix, IPv6 or IPv4.")] = None,
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    export: ExportOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """Say what an address is, or list the whole plan. From the widest block around it to the narrowest. Exit code 3 when nobody has it."""
    from netconf.addressing import address_table, explain_address

    with reported():
        whole, network = designed(estate, scope)
        table = address_table(whole, network)
        _answer([entry.as_dict() for entry in table], explain_address(table, whole, wanted) if wanted else None, export, as_json)


def sid(
    wanted: Annotated[str | None, typer.Argument(metavar="[SID]", help="A SID, an IPv6 address.")] = None,
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    export: ExportOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """Say what a SID is, or list all of them. Block, node and function by F3216, and what stands behind."""
    from netconf.addressing import explain_sid, sid_table

    with reported():
        whole, network = designed(estate, scope)
        _answer([entry.as_dict() for entry in sid_table(whole, network)], explain_sid(whole, network, wanted) if wanted else None, export, as_json)


def _answer(table: Sequence[Mapping[str, str]], said: list[str] | None, export: Path | None, as_json: bool) -> None:
    from inventory.errors import Exit

    if export:
        from inventory.cells import csv_text

        (writable(export.parent) / export.name).write_text(csv_text(table), "utf-8")
        typer.echo(f"{export}: {len(table)} rows", err=True)
    if said is not None:
        if as_json:
            show_json(said)
        for line in said if not as_json else ():
            typer.echo(line)
        if not said:
            typer.echo("nobody has it", err=True)
            raise typer.Exit(int(Exit.FOUND))
    elif as_json:
        show_json(table)
    elif not export:
        for row in table:
            typer.echo("  ".join(value for value in row.values() if value))


def topology(
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    out: Annotated[Path | None, typer.Option("--out", help="A file; its ending says the form, .svg or .mmd.", show_default=False)] = None,
    lang: LangOpt = "zh",
) -> None:
    """Draw the network. Mermaid on the terminal, or a file: SVG or Mermaid."""
    from inventory.errors import InputError
    from netconf import topology as pictures

    with reported():
        if out and out.suffix not in (".svg", ".mmd"):
            raise InputError(f"--out {out}: the form is known by the ending, .svg or .mmd")
        whole, network = designed(estate, scope)
        title = "电子政务外网拓扑" if lang_of(lang) == "zh" else "Topology of the e-government extranet"
        text = pictures.svg(whole, title) if out and out.suffix == ".svg" else pictures.mermaid(network)
        if out:
            (writable(out.parent) / out.name).write_text(text, "utf-8")
            typer.echo(f"{out}: {len(network.nodes)} devices")
        else:
            typer.echo(text, nl=False)


def explain(
    device: Annotated[str, typer.Argument(help="A device's id or name.")],
    line: Annotated[str, typer.Argument(help="A line's number, its text, or a part of it.")],
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """Say which row of the estate a line comes from. With the manual that its form is known from."""
    from dataclasses import asdict

    from netconf.compile import compile_device
    from netconf.explain import explain as explained
    from netconf.vendors import lines

    with reported():
        whole, network = designed(estate, scope)
        key = known(network, device)
        config = compile_device(network, key)
        found = explained(whole, key, config.vendor, lines(config, whole.origins), line)
        if as_json:
            show_json([asdict(one) for one in found])
        else:
            for one in found:
                typer.echo(one.text())


def known(network: Network, name: str) -> str:
    """The id of a device that was named. InputError when the scope has none of that name."""
    from inventory.errors import InputError

    device = name if name.startswith("device:") else f"device:{name}"
    if device not in network.nodes:
        raise InputError(f"no device {name} in this scope")
    return device


def build(
    out: Annotated[Path, typer.Option("--out", help="The folder for configurations and documents.")],
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """Write every device's configuration, and documents. Only what changed since the last time is made again."""
    from netconf.build import build as built

    with reported():
        whole, network = designed(estate, scope)
        done = built(whole, network, writable(out), lambda line: typer.echo(line, err=True))
        if as_json:
            show_json({"written": done.written, "kept": done.kept, "removed": done.removed, "lines": done.lines})
        else:
            typer.echo(f"{out}: {len(done.written)} written, {done.kept} unchanged, {len(done.removed)} removed; {done.lines} lines")


def check_config(
    paths: Annotated[list[Path], typer.Argument(help="Devices' configurations, as they print them, or folders of such.", metavar="FILE...")],
    vendor: Annotated[str, typer.Option("--vendor", help="The vendor, such as huawei_vrp.")],
    round_trip: Annotated[bool, typer.Option("--round-trip", help="Also say what is lost, changed and added when it is rendered again.")] = False,
    as_json: JsonOpt = False,
) -> None:
    """List what of configurations is managed, what is not, and what could not be read; of several files the counts, and how such lines begin.

    Exit code 3 when something could not be read or, with --round-trip, does not come back as it was.
    """
    from inventory.errors import Exit
    from netconf.check_config import check_all, summary
    from netconf.vendors import vendor_of

    with reported():
        found = check_all(vendor_of(vendor), paths)
        one = len(found) == 1 and not paths[0].is_dir()
        if as_json:
            files = {str(file): checked.as_dict() for file, checked in found.items()}
            show_json(next(iter(files.values())) if one else {"summary": summary(found.values()), "files": files})
        elif one:
            _show_lines(*next(iter(found.items())), round_trip=round_trip)
        else:
            _show_counts(found, round_trip=round_trip)
        good = all(checked.whole if round_trip else not checked.unread for checked in found.values())
        raise typer.Exit(int(Exit.OK if good else Exit.FOUND))


def _show_lines(file: Path, found: Checked, *, round_trip: bool) -> None:
    rows = [(number, f"not read: {why}") for number, why in found.unread]
    rows += [(number, f"not managed: {line}") for number, line in found.unmanaged]
    if round_trip:
        rows += [(number, f"lost: {line}") for number, line in found.trip.lost]
        rows += [(number, f"changed: {line} -> {becomes}") for number, line, becomes in found.trip.changed]
        rows += [(number, f"written otherwise: {line} -> {becomes}") for number, line, becomes in found.trip.respelled]
    for number, what in rows:
        typer.echo(f"{file}:{number}: {what}")
    managed = found.lines - len(found.unmanaged) - len(found.trip.lost)
    if round_trip:
        for line in found.trip.added:
            typer.echo(f"{file}: added: {line}")
        if found.trip.fault:
            typer.echo(f"{file}: cannot be rendered: {found.trip.fault}")
    typer.echo(f"{file}: {managed} of {found.lines} lines are managed ({', '.join(found.features) or 'none'}); {len(found.unread)} could not be read")
    if found.encoding != "utf-8":
        typer.echo(f"{file}: read as {found.encoding}", err=True)


HEADS = 30  # so many beginnings of lines are shown


def _show_counts(found: Mapping[Path, Checked], *, round_trip: bool) -> None:
    from netconf.check_config import summary

    columns = ["lines", "kept", "unmanaged", "unread", *(("respelled", "changed", "lost", "added") if round_trip else ())]
    whole = summary(found.values())
    typer.echo(" ".join(f"{column:>9}" for column in columns))
    for name, counts in [*((str(file), checked.counts()) for file, checked in found.items()), (f"{whole['files']} files", whole)]:
        typer.echo(" ".join(f"{counts[column]:>9}" for column in columns) + f"  {name}")
    for file, checked in found.items():
        for number, why in checked.unread:
            typer.echo(f"{file}:{number}: not read: {why}")
        if round_trip and checked.trip.fault:
            typer.echo(f"{file}: cannot be rendered: {checked.trip.fault}")
    for kind, counts in whole["heads"].items():
        if counts and (round_trip or kind == "unmanaged"):
            typer.echo(f"\n{kind}, by how the lines begin ({len(counts)} kinds):")
            for text, count in list(counts.items())[:HEADS]:
                typer.echo(f"{count:>9}  {text}")
