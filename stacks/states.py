"""What `xiangyun cloud state` and `cancel` do to one cloud's state: look, change by hand, export and import, who holds it. The cloud itself is not asked."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from pulumi.automation import Deployment

from inventory.errors import InputError, XiangyunError
from inventory.model import Estate
from ledger import Ledger
from stacks.engine import Stack, edit
from stacks.engine.journal import Holder, Snapshot
from stacks.engine.state import State
from stacks.jsonfile import read_object
from stacks.operations import MASK, named
from stacks.programs.cloud import stack_of

T = TypeVar("T")
Facts = dict[str, Any]
NOTHING = Snapshot([], [])


def _stack(estate: Estate, cloud: str, state_dir: Path) -> Stack:
    return stack_of(estate, cloud, state_dir, program=False)


def _snapshot(stack: Stack) -> Snapshot:
    return stack.snapshot() if stack.file.exists() else NOTHING


def resources(estate: Estate, cloud: str, state_dir: Path) -> list[Facts]:
    """Every resource of the state, needed ones first; `pending` names an operation that was begun: it goes on now, or it was interrupted."""
    stack = _stack(estate, cloud, state_dir)
    with named(cloud):
        snapshot = _snapshot(stack)
    how = "now" if stack.holder() else "interrupted"
    begun = {item.resource.urn: f"{item.kind}, {how}" for item in snapshot.pending}
    found = [_facts(state, begun.pop(state.urn, "")) for state in snapshot.resources]
    return found + [_facts(item.resource, begun[item.resource.urn]) for item in snapshot.pending if item.resource.urn in begun]


def _facts(state: State, pending: str) -> Facts:
    return {
        "urn": state.urn,
        "type": state.type,
        "name": state.name,
        "id": str(state.id),
        "parent": state.parent,
        "protect": state.protect,
        "external": state.external,
        "delete": state.delete,
        "pending": pending,
    }


def resource(estate: Estate, cloud: str, state_dir: Path, text: str) -> Facts:
    """One record whole, as Pulumi's JSON has it; secrets are masked."""
    with named(cloud):
        return edit.find(_snapshot(_stack(estate, cloud, state_dir)), text).to_json(lambda _: {"plaintext": MASK})


def owner(estate: Estate, clouds: Iterable[str], state_dir: Path, text: str) -> str:
    """The one cloud in whose state a resource of this URN or name is. XiangyunError where none has it, or several have."""
    clouds = list(clouds)
    if len(clouds) == 1:
        return clouds[0]
    having = []
    for cloud in clouds:
        with named(cloud):
            snapshot = _snapshot(_stack(estate, cloud, state_dir))
        if any(edit.means(text, state) for state in snapshot.resources):
            having.append(cloud)
    if len(having) != 1:
        raise XiangyunError(f"{text} is in the states of {', '.join(having)}: give --cloud" if having else f"no state has a resource {text}")
    return having[0]


def remove(estate: Estate, cloud: str, state_dir: Path, text: str, force: bool = False) -> str:
    """Forget a resource; the object stays in the cloud. The result is its URN."""
    return _changed(estate, cloud, state_dir, f"rm {text}", lambda stack: edit.remove(stack, text, force).urn)


def rename(estate: Estate, cloud: str, state_dir: Path, text: str, to: str) -> str:
    """Give a resource another name or URN; the result is the new URN."""
    return _changed(estate, cloud, state_dir, f"mv {text} {to}", lambda stack: edit.rename(stack, text, to).urn)


def unprotect(estate: Estate, cloud: str, state_dir: Path, texts: list[str]) -> list[str]:
    """Take protection away (of all, if none is named); the result is the URNs that had it."""
    return _changed(estate, cloud, state_dir, f"unprotect {' '.join(texts)}".strip(), lambda stack: [state.urn for state in edit.unprotect(stack, texts)])


def export(estate: Estate, cloud: str, state_dir: Path, show_secrets: bool = False) -> Facts:
    """Pulumi's deployment JSON, version 3, as `pulumi stack export` writes it: secrets sealed by the passphrase, unless they are to be shown."""
    stack = _stack(estate, cloud, state_dir)
    if not stack.file.exists():
        raise XiangyunError(f"{cloud}: there is no state to export: nothing was applied from here yet")
    with named(cloud):
        found = stack.export_stack(show_secrets)
    return {"version": found.version, "deployment": found.deployment}


def read_export(file: Path) -> Deployment:
    """A file that `export` or `pulumi stack export` wrote. InputError for anything else."""
    data = read_object(file, "a deployment")
    if not isinstance(data.get("version"), int) or not isinstance(data.get("deployment"), dict):
        raise InputError(f"{file} is not a deployment: it has no version and deployment, as `pulumi stack export` writes them")
    return Deployment(data["version"], data["deployment"])


def compare(estate: Estate, cloud: str, state_dir: Path, deployment: Deployment) -> dict[str, list[str]]:
    """URNs that an import would add to the state, and take out of it; what cannot be imported is refused here already."""
    stack = _stack(estate, cloud, state_dir)
    with named(cloud):
        have = [state.urn for state in _snapshot(stack).resources]
        given = [state.urn for state in stack.read_deployment(deployment).resources]
    return {"added": sorted(set(given) - set(have)), "removed": sorted(set(have) - set(given)), "kept": sorted(set(have) & set(given))}


def import_(estate: Estate, cloud: str, state_dir: Path, deployment: Deployment, file: Path) -> None:
    """Replace the state by a deployment."""
    _changed(estate, cloud, state_dir, f"import {file.name}", lambda stack: stack.import_stack(deployment))


def history(estate: Estate, cloud: str, state_dir: Path, limit: int | None = None) -> list[Facts]:
    """What was run on the state, the newest first: who, when, how it ended, how many of what."""
    stack = _stack(estate, cloud, state_dir)
    with named(cloud):
        found = stack.history(limit, show_secrets=False) if stack.file.exists() else []
    return [
        {
            "version": item.version,
            "kind": item.kind,
            "who": (item.environment or {}).get("user", ""),
            "started": item.start_time.isoformat(),
            "ended": item.end_time.isoformat() if item.end_time else None,
            "result": item.result,
            "message": item.message,
            "changes": dict(item.resource_changes or {}),
        }
        for item in found
    ]


def holder(estate: Estate, cloud: str, state_dir: Path) -> Holder | None:
    """Who runs on the cloud's state now."""
    return _stack(estate, cloud, state_dir).holder()


def cancel(estate: Estate, cloud: str, state_dir: Path) -> str:
    """Ask whoever runs on the cloud's state to stop at a safe point; the result says what was found. A lock dies with its holder: none is ever left behind."""
    stack = _stack(estate, cloud, state_dir)
    found = stack.holder()
    if found is None:
        begun = len(_snapshot(stack).pending)
        left = f"; {begun} operation{'s' if begun > 1 else ''} of a killed run will be repeated by the next up" if begun else ""
        return f"nobody holds it{left}"
    if found.host and found.host != os.uname().nodename:
        raise XiangyunError(f"{cloud}: {found} runs on it, on another machine: cancel it there")
    try:
        if not found.process:
            raise ProcessLookupError
        os.kill(found.process, signal.SIGTERM)
    except ProcessLookupError as error:
        raise XiangyunError(f"{cloud}: {found} runs on it and cannot be seen from here: cancel it where it runs") from error
    except PermissionError as error:
        raise XiangyunError(f"{cloud}: {found} runs on it and is not yours: ask {found.who}") from error
    return f"{found} was asked to stop: what it has begun ends first"


def _changed(estate: Estate, cloud: str, state_dir: Path, what: str, work: Callable[[Stack], T]) -> T:
    """Do this to the state, and record it."""
    stack = _stack(estate, cloud, state_dir)
    if not stack.file.exists() and not what.startswith("import"):
        raise XiangyunError(f"{cloud}: it has no state: nothing was applied from here yet")
    with named(cloud):
        before = stack.digest()
        result = work(stack)
        after = stack.digest()
    if after != before:
        Ledger(state_dir).record(what="cloud.state", on=cloud, before=before, after=after, note=what)
    return result
