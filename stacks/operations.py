"""What `xiangyun cloud` does to one cloud: preview, up, drift, destroy; results as plain facts, failures as one line that names the cloud."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inventory.errors import InputError, XiangyunError
from inventory.model import Estate
from stacks.engine import ConcurrentUpdateError, Stack, StackError, Step, drifts
from stacks.engine.values import has_secret, has_unknown, plain
from stacks.programs.cloud import stack_of
from stacks.provider.cloud import CloudError, check_entry

Say = Callable[[str], Any] | None
MASK = "[secret]"
LATER = "(known after up)"
QUIET = {"same", "read", "create-replacement", "delete-replaced"}  # the halves of a replacement are said as one


@dataclass(frozen=True, slots=True)
class Change:
    """One resource that changes: `properties` are (name, before, after), secrets masked."""

    op: str
    type: str
    name: str
    properties: tuple[tuple[str, Any, Any], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "op": self.op,
            "type": self.type,
            "name": self.name,
            "properties": [{"name": name, "before": before, "after": after} for name, before, after in self.properties],
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What `up` (or `destroy`) would do to a cloud."""

    cloud: str
    changes: tuple[Change, ...]
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps([change.as_dict() for change in self.changes], sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done: digests of the state before and after, counts by operation, the evidence (plan's digest)."""

    cloud: str
    before: str
    after: str
    counts: dict[str, int]
    failed: str = ""
    interrupted: bool = False


def reachable(estate: Estate, cloud: str | None) -> list[str]:
    """The clouds to work on: the one named, else all that have an entry in clouds.yaml."""
    found = [cloud] if cloud else [key for key, item in estate.clouds.items() if item.os_cloud]
    if not found:
        raise InputError("none of these clouds can be reached from here: give one an os_cloud in clouds.yaml of the estate, or name another --scope")
    return found


def _reached(estate: Estate, cloud: str, state_dir: Path, program: bool = True) -> Stack:
    """The cloud's stack, once clouds.yaml and secure.yaml are known to say how it is reached. Raises InputError naming the file otherwise."""
    stack = stack_of(estate, cloud, state_dir, program=program)
    try:
        check_entry(str(estate.clouds[cloud].os_cloud), state_dir)
    except CloudError as error:
        raise InputError(f"{cloud}: {error}") from error
    return stack


def preview(estate: Estate, cloud: str, state_dir: Path) -> Plan:
    """Compare the estate with what the cloud has now."""
    stack = _reached(estate, cloud, state_dir)
    with named(cloud):
        result = stack.preview(refresh=True)
        return _plan(cloud, result.steps, result.change_summary)


def up(estate: Estate, cloud: str, state_dir: Path, say: Say = None) -> Applied:
    """Bring the cloud to what the estate says."""
    stack = _reached(estate, cloud, state_dir)
    with named(cloud):
        return _applied(stack, cloud, lambda: stack.up(refresh=True, on_output=say).summary.resource_changes)


def preview_destroy(estate: Estate, cloud: str, state_dir: Path) -> Plan:
    stack = _reached(estate, cloud, state_dir, program=False)
    with named(cloud):
        result = stack.preview_destroy()
        return _plan(cloud, result.steps, result.change_summary)


def destroy(estate: Estate, cloud: str, state_dir: Path, say: Say = None) -> Applied:
    """Delete everything that the stack made in the cloud."""
    stack = _reached(estate, cloud, state_dir, program=False)
    with named(cloud):
        return _applied(stack, cloud, lambda: stack.destroy(on_output=say).summary.resource_changes)


def refuse_if_systems_stand(estate: Estate, cloud: str) -> None:
    """Raise InputError when a system of the estate stands on a server that the cloud's stack made: it may hold the only copy of its data."""
    landed = {landing.system for landing in estate.clouds[cloud].landings}
    here = [system.id for system in estate.systems.values() if system.id in landed and system.cloud == cloud and system.status != "retired"]
    if here:
        raise InputError(f"{cloud}: {', '.join(here)} stand there, and their data would be lost: move or retire them first, or give --with-systems")


def drift(estate: Estate, cloud: str, state_dir: Path) -> tuple[Change, ...]:
    """What was changed in the cloud behind the stack's back. Nothing is changed by asking, the state neither."""
    stack = _reached(estate, cloud, state_dir, program=False)
    with named(cloud):
        steps = stack.preview_refresh().steps
    return tuple(_drifted(step) for step in sorted(steps, key=lambda step: step.urn) if step.op in ("update", "delete"))


def outputs(estate: Estate, cloud: str, state_dir: Path) -> dict[str, Any]:
    """The stack's outputs, secrets masked."""
    stack = stack_of(estate, cloud, state_dir, program=False)
    with named(cloud):
        return {key: MASK if item.secret else item.value for key, item in stack.outputs().items()}


@contextmanager
def named(cloud: str) -> Iterator[None]:
    """Failures of a stack as failures of that cloud, one line each."""
    try:
        yield
    except ConcurrentUpdateError as error:
        raise XiangyunError(f"{cloud}: {_plain(error.lines[0])}: wait for it to end") from error
    except StackError as error:
        raise XiangyunError("\n".join(f"{cloud}: {_plain(line)}" for line in error.lines)) from error


def _plain(line: str) -> str:
    """The engine's line without what the user did not ask for: the word error, and that the login is a provider's creation."""
    text = line.removeprefix("error: ")
    login = text.removeprefix("pulumi:providers:xiangyun (default): ")
    return login.removeprefix("create failed: ") if login != text else text


def _applied(stack: Stack, cloud: str, work: Callable[[], Any]) -> Applied:
    before, had = stack.digest(), _urns(stack)
    failed, interrupted = "", False
    counts: Any = {}
    try:
        counts = work()
    except KeyboardInterrupt:  # what was begun has ended and is in the state; it must be told like any other change
        failed, interrupted = "interrupted: run it again to go on", True
        have = _urns(stack)
        counts = {op: number for op, number in (("create", len(have - had)), ("delete", len(had - have))) if number}
    except ConcurrentUpdateError:
        raise
    except StackError as error:  # what was done before it is done, and is told
        last = stack.info()
        counts = last.resource_changes if last else {}
        failed = "; ".join(_plain(line) for line in error.lines)
    return Applied(cloud, before, stack.digest(), dict(counts or {}), failed, interrupted)


def _urns(stack: Stack) -> set[str]:
    return {record["urn"] for record in (stack.export_stack().deployment or {}).get("resources", ()) if record["custom"]}


def _plan(cloud: str, steps: list[Step], counts: Any) -> Plan:
    told = [step for step in steps if step.op not in QUIET and not step.type.startswith("pulumi:")]
    changes = tuple(_change(step) for step in sorted(told, key=lambda step: step.urn))  # by parents, and the same plan has the same digest
    return Plan(cloud, changes, dict(counts or {}))


def _change(step: Step) -> Change:
    properties = [] if step.op in ("delete", "discard") else [(name, _shown(before), _shown(after)) for name, before, after in step.changes()]
    return Change(step.op, step.type, step.name, tuple(sorted(properties)))


def _drifted(step: Step) -> Change:
    if step.new is None or step.old is None:
        return Change("gone", step.type, step.name)
    found = [(item.property, MASK, MASK) if item.secret else (item.property, _shown(item.before), _shown(item.after)) for item in drifts(step.old, step.new)]
    return Change("changed", step.type, step.name, tuple(found))


def _shown(value: Any) -> Any:
    if has_secret(value):
        return MASK
    return LATER if has_unknown(value) else plain(value)
