"""`xiangyun cloud state`: look at the stacks' states, change them by hand, move them to the Pulumi CLI and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from cli.common import HERE, EstateOpt, JsonOpt, ScopeOpt, YesOpt, confirm, group, load, reported, show_json, state_dir, writable

if TYPE_CHECKING:
    from inventory.model import Estate

app = group("Look at the clouds' states, change them by hand, export and import them.")
T = TypeVar("T")
CloudOpt = Annotated[str | None, typer.Option("--cloud", help="One cloud, by id; else those of the scope that can be reached.")]
ResourceArg = Annotated[str, typer.Argument(metavar="RESOURCE", help="URN, name, or TYPE::NAME.", show_default=False)]


@app.command("list")
def list_(
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    cloud: CloudOpt = None,
    urns: Annotated[bool, typer.Option("--urns", help="Show URNs in place of types and names.")] = False,
    as_json: JsonOpt = False,
) -> None:
    """List the resources of the states, needed ones first."""
    with reported():
        from stacks import states

        found = _each(estate, scope, cloud, states.resources)
        if as_json:
            show_json([{"cloud": name, "resources": resources} for name, resources in found.items()])
            return
        for name, resources in found.items():
            typer.echo(f"{name}: {len(resources)} resource{'' if len(resources) == 1 else 's'}")
            for item in resources:
                marks = [word for word, on in (("protected", item["protect"]), ("external", item["external"]), ("to be deleted", item["delete"])) if on]
                marks += [item["pending"]] if item["pending"] else []
                words = [item["urn"]] if urns else [item["type"], item["name"]]
                words += [item["id"]] if item["id"] else []
                words += [f"({', '.join(marks)})"] if marks else []
                typer.echo(f"  {' '.join(words)}")


@app.command()
def show(resource: ResourceArg, estate: EstateOpt = HERE, scope: ScopeOpt = None, cloud: CloudOpt = None, as_json: JsonOpt = False) -> None:
    """Show one resource's record; secrets are masked."""
    with reported():
        from stacks import states

        place = Place(estate, scope, cloud)
        name = states.owner(place.estate, place.clouds, place.state, resource)
        found = states.resource(place.estate, name, place.state, resource)
        if as_json:
            show_json({"cloud": name, **found})
            return
        typer.echo(f"{name}:")
        for key, value in found.items():
            if isinstance(value, dict) and value:
                typer.echo(f"  {key}:")
                for inner, item in value.items():
                    typer.echo(f"    {inner}: {_text(item)}")
            else:
                typer.echo(f"  {key}: {_text(value)}")


@app.command()
def mv(
    resource: ResourceArg,
    to: Annotated[str, typer.Argument(metavar="TO", help="The new name, or the whole new URN.", show_default=False)],
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    cloud: CloudOpt = None,
    as_json: JsonOpt = False,
    yes: YesOpt = False,
) -> None:
    """Rename a resource in the state; whatever names it follows, and nothing happens in the cloud.

    Do this when the program gave a resource another name: else the next `up` would make a new one and delete the old.
    """
    with reported():
        from stacks import states

        place = Place(estate, scope, cloud)
        name = states.owner(place.estate, place.clouds, place.state, resource)
        confirm(f"Rename {resource} to {to} in the state of {name}?", yes)
        urn = states.rename(place.estate, name, place.state, resource, to)
        _said({"cloud": name, "urn": urn}, f"{name}: it is {urn} now", as_json)


@app.command()
def rm(
    resource: ResourceArg,
    force: Annotated[bool, typer.Option("--force", help="Even if it is protected, or others need it: they lose the link.")] = False,
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    cloud: CloudOpt = None,
    as_json: JsonOpt = False,
    yes: YesOpt = False,
) -> None:
    """Forget a resource: the object stays in the cloud, and the next `up` makes another if the estate still wants it."""
    with reported():
        from stacks import states

        place = Place(estate, scope, cloud)
        name = states.owner(place.estate, place.clouds, place.state, resource)
        confirm(f"Take {resource} out of the state of {name}?", yes)
        urn = states.remove(place.estate, name, place.state, resource, force)
        _said({"cloud": name, "urn": urn}, f"{name}: {urn} is out of the state; what is in the cloud stays", as_json)


@app.command()
def unprotect(
    resource: Annotated[list[str] | None, typer.Argument(metavar="[RESOURCE]...", help="URN, name, or TYPE::NAME.", show_default=False)] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every protected resource of the states.")] = False,
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    cloud: CloudOpt = None,
    as_json: JsonOpt = False,
    yes: YesOpt = False,
) -> None:
    """Take the protection of resources away in the state; the next `up` gives it back if the program still asks for it."""
    with reported():
        from inventory.errors import InputError
        from stacks import states

        if bool(resource) == everything:
            raise InputError("name the resources, or give --all")
        place = Place(estate, scope, cloud)
        owners = {item: states.owner(place.estate, place.clouds, place.state, item) for item in resource or ()}
        clouds = place.clouds if everything else list(dict.fromkeys(owners.values()))
        confirm(f"Take protection away from {', '.join(resource or ['everything'])} in {', '.join(clouds)}?", yes)
        found = {name: states.unprotect(place.estate, name, place.state, [item for item, where in owners.items() if where == name]) for name in clouds}
        if as_json:
            show_json([{"cloud": name, "unprotected": urns} for name, urns in found.items()])
            return
        for name, urns in found.items():
            for urn in urns:
                typer.echo(f"{name}: {urn} is not protected any more")
            if not urns:
                typer.echo(f"{name}: nothing of this was protected")


@app.command()
def export(
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    cloud: CloudOpt = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write it here; with several clouds a folder, one file each.")] = None,
    show_secrets: Annotated[bool, typer.Option("--show-secrets", help="Secrets in clear; else sealed by the passphrase.")] = False,
    as_json: JsonOpt = False,
) -> None:
    """Print a state as Pulumi's deployment JSON (version 3), which `pulumi stack import` takes; with --output write it, and say where (--json: as JSON)."""
    with reported():
        import json

        from inventory.checks.output import write_whole
        from inventory.errors import InputError
        from stacks import states

        place = Place(estate, scope, cloud)
        if output is None and len(place.clouds) > 1:
            raise InputError(f"{len(place.clouds)} clouds and one output: give --cloud, or --output FOLDER")
        found = {name: states.export(place.estate, name, place.state, show_secrets) for name in place.clouds}
        if output is None:
            show_json(next(iter(found.values())))
            return
        whole = len(found) > 1 or output.is_dir()
        folder = writable(output if whole else output.parent)
        written = []
        for name, deployment in found.items():
            file = folder / f"{name.replace(':', '-')}.json" if whole else output
            write_whole(file, json.dumps(deployment, ensure_ascii=False, indent=2) + "\n")
            if show_secrets:
                file.chmod(0o600)
            written.append({"cloud": name, "file": str(file), "resources": len(deployment["deployment"]["resources"])})
        if as_json:
            show_json(written)
            return
        for item in written:
            typer.echo(f"{item['file']}: {item['cloud']}, {item['resources']} resources{', with secrets in clear' if show_secrets else ''}")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `export` or `pulumi stack export` wrote.", show_default=False)],
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    cloud: CloudOpt = None,
    as_json: JsonOpt = False,
    yes: YesOpt = False,
) -> None:
    """Replace a cloud's state by a deployment. Sealed secrets need the passphrase that they were sealed with (XIANGYUN_PASSPHRASE)."""
    with reported():
        from inventory.errors import InputError
        from stacks import states

        place = Place(estate, scope, cloud)
        if len(place.clouds) > 1:
            raise InputError(f"which of {', '.join(place.clouds)}? Give --cloud")
        (name,) = place.clouds
        deployment = states.read_export(file)
        change = states.compare(place.estate, name, place.state, deployment)
        if not as_json:
            typer.echo(f"{name}: {len(change['kept'])} resources stay in the state, {len(change['added'])} are added, {len(change['removed'])} are taken out")
            for sign, key in (("+", "added"), ("-", "removed")):
                for urn in change[key]:
                    typer.echo(f"  {sign} {urn}")
        confirm(f"Replace the state of {name} by {file}?", yes)
        states.import_(place.estate, name, place.state, deployment, file)
        _said({"cloud": name, **change}, f"{name}: the state is that of {file} now", as_json)


@app.command()
def history(
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
    cloud: CloudOpt = None,
    number: Annotated[int, typer.Option("--number", "-n", min=1, help="How many runs to show.")] = 20,
    as_json: JsonOpt = False,
) -> None:
    """Show what was run on the states: who, when, how it ended, how many of what. The newest is first."""
    with reported():
        from stacks import states

        found = _each(estate, scope, cloud, lambda whole, name, state: states.history(whole, name, state, number))
        if as_json:
            show_json([{"cloud": name, "runs": runs} for name, runs in found.items()])
            return
        for name, runs in found.items():
            typer.echo(f"{name}: {'nothing was run yet' if not runs else ''}".rstrip())
            for run in runs:
                changes = ", ".join(f"{op} {count}" for op, count in run["changes"].items())
                more = "".join(f"; {part}" for part in (changes, run["message"]) if part)
                typer.echo(f"  {run['version']}  {run['started'][:19]}Z  {run['who'] or '?'}  {run['kind']}: {run['result']}{more}")


class Place:
    """The estate, the folder of its state, and the clouds that are meant."""

    def __init__(self, folder: Path, scope: str | None, cloud: str | None) -> None:
        from inventory.scope import scoped
        from stacks import operations

        self.estate: Estate = load(folder)
        self.state = state_dir(folder)
        self.clouds = operations.reachable(scoped(self.estate, scope), cloud)


def _each(folder: Path, scope: str | None, cloud: str | None, call: Callable[[Any, str, Path], T]) -> dict[str, T]:
    place = Place(folder, scope, cloud)
    return {name: call(place.estate, name, place.state) for name in place.clouds}


def _said(facts: dict[str, Any], line: str, as_json: bool) -> None:
    if as_json:
        show_json(facts)
    else:
        typer.echo(line)


def _text(value: Any) -> str:
    import json

    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
