"""`xiangyun net` address, sid, topology, explain, build: what the design gives, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.common import HERE, EstateOpt, JsonOpt, LangOpt, ScopeOpt, lang_of, lasting, load, reported, show_json, writable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from inventory.model import Estate
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
        found = explained(whole, key, lines(compile_device(network, key), whole.origins), line)
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
    file: Annotated[Path, typer.Argument(help="A device's configuration, as it prints it.")],
    vendor: Annotated[str, typer.Option("--vendor", help="The vendor, such as huawei_vrp.")],
    as_json: JsonOpt = False,
) -> None:
    """List what of a configuration is managed, what is not, and what could not be read. Exit code 3 when something could not be read."""
    from inventory.errors import Exit
    from netconf.check_config import check_config as checked
    from netconf.vendors import vendor_of

    with reported():
        found = checked(vendor_of(vendor), file)
        if as_json:
            show_json(found.as_dict())
        else:
            for number, why in found.unread:
                typer.echo(f"{file}:{number}: not read: {why}")
            for number, line in found.unmanaged:
                typer.echo(f"{file}:{number}: not managed: {line}")
            said = ", ".join(found.features) or "none"
            typer.echo(f"{file}: {found.lines - len(found.unmanaged)} of {found.lines} lines are managed ({said}); {len(found.unread)} could not be read")
            if found.encoding != "utf-8":
                typer.echo(f"{file}: read as {found.encoding}", err=True)
        raise typer.Exit(int(Exit.FOUND if found.unread else Exit.OK))
