"""`xiangyun lab`: the real counterparts of an estate on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.common import HERE, EstateOpt, JsonOpt, ScopeOpt, group, load, reported, show_json

app = group("Start and stop the lab's real counterparts.")


class _Clock:
    """Progress lines on stderr, with the seconds since the command began."""

    def __init__(self) -> None:
        import time

        self.now, self.begun = time.monotonic, time.monotonic()

    def __call__(self, line: str) -> None:
        typer.echo(f"{self.now() - self.begun:6.1f} s  {line}", err=True)


@app.command()
def up(
    estate: EstateOpt = HERE,
    scope: ScopeOpt = "pilot",
    only: Annotated[list[str] | None, typer.Option("--only", help="Start this part only: extranet or cloud. May be given again.")] = None,
    more: Annotated[
        list[str] | None, typer.Option("--with", help="Also start designate, ironic, manila or octavia, in the cloud with all else. May be given again.")
    ] = None,
    as_json: JsonOpt = False,
) -> None:
    """Start the routers, machines and clouds of a scope. How they are reached is written to ESTATE/.xiangyun."""
    from inventory.errors import InputError
    from lab import up as lab
    from lab.spec import from_estate

    with reported():
        parts = tuple(only) if only else lab.PARTS
        if unknown := sorted(set(parts) - set(lab.PARTS)):
            raise InputError(f"the lab has no part {unknown[0]}: there are {', '.join(lab.PARTS)}")
        record = lab.up(estate, from_estate(load(estate), scope, "extranet" in parts, tuple(more or ())), parts, _Clock())
        if as_json:
            show_json({key: record[key] for key in ("pid", "parts", "ports", "times")})


@app.command()
def down(estate: EstateOpt = HERE, as_json: JsonOpt = False) -> None:
    """End what `lab up` started for this estate, and nothing else."""
    from lab import up as lab

    with reported():
        ran = lab.down(estate, _Clock())
        if as_json:
            show_json({"ended": ran})
        else:
            typer.echo("the lab is down" if ran else "no lab was up")


@app.command()
def status(estate: EstateOpt = HERE, as_json: JsonOpt = False) -> None:
    """Say what runs: nodes, processes, ports. Exit code 3 when no lab is up."""
    from inventory.errors import Exit
    from lab import up as lab

    with reported():
        found = lab.status(estate)
        if as_json:
            show_json(found)
        elif found["incomplete"]:
            typer.echo("a `lab up` did not finish: `xiangyun lab down` ends what it left, and another `lab up` begins anew")
        elif not found["up"]:
            typer.echo("no lab is up")
        else:
            typer.echo(f"up: {', '.join(found['parts'])}; process {found['pid']}")
            for node in found["nodes"]:
                port = f"port {node['port']}" if node["port"] else ""
                typer.echo(f"  {node['kind']:8} {node['hostname']:20} {node['state']:8} pid {node['pid']:<8} {port}".rstrip())
            for process in found["processes"]:
                state = "running" if process["exit"] is None else f"ended, exit {process['exit']}"
                typer.echo(f"  process  {process['name']:20} {state:8} pid {process['pid']:<8} port {found['ports'].get(process['name'], '')}".rstrip())
        if not found["up"]:
            raise typer.Exit(int(Exit.FOUND))


@app.command(name="exec", context_settings={"ignore_unknown_options": True})
def execute(
    node: Annotated[str, typer.Argument(help="A router or machine: host name or id.")],
    command: Annotated[list[str], typer.Argument(help="The command and its arguments, after `--`.")],
    estate: EstateOpt = HERE,
) -> None:
    """Run COMMAND as root in NODE, past its network and its logins. For debugging; the product never does."""
    from lab.session import Session
    from lab.up import node_of

    with reported():
        session = Session(estate)
        raise typer.Exit(session.client.run(node_of(session, node), command))


@app.command()
def prepare() -> None:
    """Build the images and the cloud's environment. What is in the cache ($XIANGYUN_CACHE, ~/.cache/xiangyun) is kept."""
    from lab import up as lab

    with reported():
        say = _Clock()
        lab.prepare(say)
        say("everything is in the cache")
