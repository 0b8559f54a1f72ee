"""`xiangyun net`: plan, show, push and verify the extranet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import net_import, net_show
from cli.common import HERE, DryRunOpt, EstateOpt, JsonOpt, ScopeOpt, YesOpt, confirm, group, lasting, load, reported, show_json, state_dir

if TYPE_CHECKING:
    from inventory.model import Estate
    from netconf.extranet import Extranet
    from netconf.plan import Plan

app = group("Plan, show, push and verify the extranet.")


def scoped_estate(estate: Path, scope: str | None) -> Estate:
    from inventory.scope import scoped

    return scoped(load(estate), scope)


def _plan(estate: Path, scope: str | None) -> tuple[Estate, Plan]:
    """The estate (of the scope), and its plan."""
    from netconf.plan import make_plan

    whole = scoped_estate(estate, scope)
    with lasting():
        return whole, make_plan(whole, scope, state_dir(estate))


def _extranet(estate: Path, scope: str | None) -> Extranet:
    from inventory.access import load_access
    from netconf.extranet import Extranet

    return Extranet(*_plan(estate, scope), load_access(state_dir(estate)), state_dir(estate), say)


def say(line: str) -> None:
    """Progress, on stderr, so that the output stays the result."""
    typer.echo(line, err=True)


@app.command()
def plan(
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    accept: Annotated[bool, typer.Option("--accept", help="Accept the plan: write its new allocations to the estate, and let it be pushed.")] = False,
    as_json: JsonOpt = False,
) -> None:
    """Design the network and say what changes. Compared with what was applied last. Exit code 3 when something changes."""
    from inventory.errors import Exit

    with reported():
        whole, made = _plan(estate, scope)
        if as_json:
            show_json({"digest": made.digest, "changes": made.changes, "facts": made.facts, "new_allocations": [a.model_dump(mode="json") for a in made.new]})
        else:
            for line in made.changes:
                typer.echo(line)
            typer.echo(f"{len(made.network.nodes)} routers, {len(made.changes)} changes, {len(made.new)} new allocations; plan {made.digest[:12]}")
        if accept:
            from inventory.edit import append_rows
            from netconf import plan as plans
            from netconf.build import require_possible

            require_possible(whole, made.network)
            if made.new:  # once they are rows, the estate designs as it did with them new
                append_rows(estate, "allocations", [a.model_dump(mode="json") for a in made.new])
            plans.accept(made, state_dir(estate))
            say(f"accepted: plan {made.digest[:12]} may be pushed")
            return
        raise typer.Exit(int(Exit.FOUND if made.changes else Exit.OK))


@app.command()
def render(device: Annotated[str, typer.Argument(help="A device's id or name.")], estate: EstateOpt = HERE, scope: ScopeOpt = None) -> None:
    """Print the intended configuration of DEVICE."""
    from netconf.compile import compile_device
    from netconf.vendors import render as text

    with reported():
        whole, network = net_show.designed(estate, scope)
        typer.echo(text(compile_device(network, net_show.known(network, device)), whole.origins), nl=False)


for command in (net_show.build, net_show.explain, net_show.address, net_show.sid, net_show.topology):
    app.command()(command)
app.command("check-config")(net_show.check_config)
app.command("import")(net_import.import_)


@app.command()
def diff(
    device: Annotated[str | None, typer.Argument(help="A device's id or name; all of the scope when left out.")] = None,
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """Show the ordered commands of each device. They take it from its running to its intended configuration. Exit code 3 when there are some."""
    from inventory.errors import Exit

    with reported():
        extranet = _extranet(estate, scope)
        devices = [net_show.known(extranet.network, device)] if device else extranet.order()
        found = [d for d in extranet.diffs(devices) if d.commands]
        if as_json:
            show_json({d.device: d.commands.splitlines() for d in found})
        else:
            for d in found:
                typer.echo(f"! {d.device}\n{d.commands}")
            typer.echo(f"{len(found)} of {len(devices)} devices differ")
        raise typer.Exit(int(Exit.FOUND if found else Exit.OK))


@app.command()
def push(
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
    timer: Annotated[int, typer.Option("--timer", min=60, max=3600, help="Seconds after which a device takes an unconfirmed change back by itself.")] = 180,
    as_json: JsonOpt = False,
) -> None:
    """Push the accepted plan as one transaction. Every device changes, or none."""
    from netconf.plan import require_accepted

    with reported():
        extranet = _extranet(estate, scope)
        require_accepted(extranet.plan, state_dir(estate))
        if dry_run or not yes:
            found = [d for d in extranet.diffs(extranet.order()) if d.commands]
            say(f"{len(found)} devices, {sum(len(d.commands.splitlines()) for d in found)} commands: {', '.join(d.device for d in found) or 'nothing to do'}")
            if dry_run or not found:
                if as_json:
                    show_json({"txn": None, "changed": [], "would_change": [d.device for d in found]})
                return
            confirm("Push?", yes)
        outcome = extranet.push(timer)
        if as_json:
            show_json({"txn": outcome.txn, "changed": outcome.changed, "seconds": round(outcome.seconds, 2)})
        else:
            typer.echo(f"{len(outcome.changed)} devices changed in {outcome.seconds:.1f} s" if outcome.changed else "nothing to do")


@app.command()
def resume(estate: EstateOpt = HERE, scope: ScopeOpt = None, as_json: JsonOpt = False) -> None:
    """Finish a push that was cut off. As it was decided: confirmed everywhere, or taken back everywhere."""
    with reported():
        _recovered(_extranet(estate, scope).recover(abort=False), as_json)


def _recovered(done: str, as_json: bool) -> None:
    if as_json:
        show_json({"done": done})
    else:
        typer.echo(done)


@app.command()
def abort(estate: EstateOpt = HERE, scope: ScopeOpt = None, as_json: JsonOpt = False) -> None:
    """Take back a push that was cut off before it was decided."""
    with reported():
        _recovered(_extranet(estate, scope).recover(abort=True), as_json)


@app.command()
def verify(
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    negative: Annotated[bool, typer.Option("--negative", help="Also withdraw the service SID for a moment: the traffic must stop. Interrupts users.")] = False,
    as_json: JsonOpt = False,
) -> None:
    """Prove that the network does what was planned. By its control plane and by real traffic. Exit code 3 when it does not."""
    from inventory.errors import Exit

    with reported():
        checks = []
        for check in _extranet(estate, scope).verify(negative=negative):
            checks.append(check)
            if not as_json:
                typer.echo(f"{ {True: 'ok', False: 'NOT MET', None: 'not run'}[check.ok]:8}{check.name}: {check.detail}")
        if as_json:
            show_json([c.as_dict() for c in checks])
        raise typer.Exit(int(Exit.FOUND if any(c.ok is False for c in checks) else Exit.OK))


@app.command()
def remediate(
    running: Annotated[Path, typer.Argument(help="The running configuration, a file.")],
    intended: Annotated[Path, typer.Argument(help="The intended configuration, a file.")],
    vendor: Annotated[str, typer.Option("--vendor", help="frr, huawei_vrp or h3c_comware.")],
    as_json: JsonOpt = False,
) -> None:
    """Order the commands from one configuration to another. Exit code 3 when there are some."""
    from inventory.errors import Exit
    from netconf.tree.files import remediate_files

    with reported():
        lines = remediate_files(vendor, running, intended)
        if as_json:
            show_json(lines)
        else:
            for line in lines:
                typer.echo(line)
        raise typer.Exit(int(Exit.FOUND if lines else Exit.OK))
