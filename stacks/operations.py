"""What `xiangyun cloud` does to one cloud: preview, up, refresh, drift, destroy; results as plain facts, failures as one line that names the cloud."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inventory.errors import InputError, XiangyunError
from inventory.model import Estate
from stacks.engine import ConcurrentUpdateError, Stack, StackError, Step, drifts, policies
from stacks.engine.events import to_json
from stacks.engine.paths import differences
from stacks.engine.values import has_secret, has_unknown, plain
from stacks.programs.cloud import stack_of
from stacks.provider.cloud import CloudError, check_entry

Watch = Callable[[dict[str, Any]], Any] | None  # takes engine events in Pulumi's JSON
MASK = "[secret]"
LATER = "(known after up)"
QUIET = {"same", "read", "create-replacement", "delete-replaced"}  # the halves of a replacement are said as one


@dataclass(frozen=True, slots=True)
class Options:
    """How a run is done. `targets` and `excluded` are URNs, names or TYPE::NAME, in each `*` stands for anything; `parallel` 0: no limit."""

    targets: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    dependents: bool = False
    refresh: bool = True
    parallel: int = 0
    policy_packs: tuple[Path, ...] = ()
    policy_configs: tuple[Path, ...] = ()
    imports: Mapping[str, str] = field(default_factory=dict)  # ids of objects to adopt, by TYPE::NAME

    def __post_init__(self) -> None:
        if self.targets and self.excluded:
            raise InputError("--target and --exclude cannot be given together")
        if self.parallel < 0:
            raise InputError(f"--parallel {self.parallel}: a number of operations, 1 or more (0: no limit)")

    def choice(self) -> dict[str, Any]:
        """The choice of resources, in the engine's words."""
        return {
            "parallel": self.parallel or None,
            "target": list(self.targets) or None,
            "exclude": list(self.excluded) or None,
            "target_dependents": self.dependents or None,
        }

    def packs(self) -> dict[str, Any]:
        return {"policy_packs": self.policy_packs, "policy_pack_configs": self.policy_configs}

    def saved(self) -> dict[str, Any]:
        """What a saved plan keeps of them."""
        return {
            "targets": list(self.targets),
            "excluded": list(self.excluded),
            "dependents": self.dependents,
            "refresh": self.refresh,
            "imports": dict(self.imports),
        }


DEFAULT = Options()
AS_IT_IS = Options(refresh=False)


@dataclass(frozen=True, slots=True)
class Change:
    """One resource that changes: `properties` are (path, before, after), secrets masked; `forced_by` the paths for which it is replaced."""

    op: str
    type: str
    name: str
    properties: tuple[tuple[str, Any, Any], ...] = ()
    forced_by: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        properties = [{"name": name, "before": before, "after": after} for name, before, after in self.properties]
        return {"op": self.op, "type": self.type, "name": self.name, "properties": properties, "replaced_because": list(self.forced_by)}


@dataclass(frozen=True, slots=True)
class Plan:
    """What `up` (or `destroy`) would do to a cloud. `approved` is what the run is held to (the engine's plan); `deviations` say how it differs from another."""

    cloud: str
    changes: tuple[Change, ...]
    counts: dict[str, int] = field(default_factory=dict)
    approved: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    deviations: tuple[str, ...] = ()

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
    warnings: tuple[str, ...] = ()


def reachable(estate: Estate, cloud: str | None) -> list[str]:
    """The clouds to work on: the one named, else all that have an entry in clouds.yaml."""
    found = [cloud] if cloud else [key for key, item in estate.clouds.items() if item.os_cloud]
    if not found:
        raise InputError("none of these clouds can be reached from here: give one an os_cloud in clouds.yaml of the estate, or name another --scope")
    return found


def check(estate: Estate, clouds: Iterable[str], state_dir: Path, options: Options = DEFAULT, program: bool = True) -> None:
    """Raise InputError, one line a fault, when a cloud's login or program, or a policy pack, is not what it must be. No cloud is asked."""
    faults = []
    for cloud in clouds:
        try:
            _reached(estate, cloud, state_dir, program)
        except InputError as error:
            faults.append(str(error))
    try:
        policies.load(options.policy_packs, options.policy_configs)
    except StackError as error:
        faults += [line.removeprefix("error: ") for line in error.lines]
    if faults:
        raise InputError("\n".join(faults))


def _reached(estate: Estate, cloud: str, state_dir: Path, program: bool = True) -> Stack:
    """The cloud's stack, once clouds.yaml and secure.yaml are known to say how it is reached. Raises InputError naming the file otherwise."""
    stack = stack_of(estate, cloud, state_dir, program=program)
    try:
        check_entry(str(estate.clouds[cloud].os_cloud), state_dir)
    except CloudError as error:
        raise InputError(f"{cloud}: {error}") from error
    return stack


def preview(estate: Estate, cloud: str, state_dir: Path, options: Options = DEFAULT, watch: Watch = None, approved: Mapping[str, Any] | None = None) -> Plan:
    """Compare the estate with what the cloud has now; with `approved` (a plan's) also say how what is asked for now differs from it."""
    stack = _reached(estate, cloud, state_dir)
    with named(cloud):
        heard = _Heard(watch)
        result = stack.preview(refresh=options.refresh, imports=options.imports, **options.choice(), **options.packs(), **heard.into())
        return _plan(stack, cloud, result.steps, result.change_summary, heard, approved)


def up(estate: Estate, cloud: str, state_dir: Path, options: Options = DEFAULT, watch: Watch = None, approved: Mapping[str, Any] | None = None) -> Applied:
    """Bring the cloud to what the estate says; with `approved` (a plan's) nothing is done that is not in it."""
    stack = _reached(estate, cloud, state_dir)
    with named(cloud):
        plan = stack.plan_from(approved) if approved else None
        heard = _Heard(watch)
        return _applied(
            stack,
            cloud,
            heard,
            lambda: (
                stack.up(
                    refresh=options.refresh, plan=plan, imports=options.imports, **options.choice(), **options.packs(), **heard.into()
                ).summary.resource_changes
            ),
        )


def preview_destroy(estate: Estate, cloud: str, state_dir: Path, options: Options = AS_IT_IS, watch: Watch = None) -> Plan:
    stack = _reached(estate, cloud, state_dir, program=False)
    with named(cloud):
        heard = _Heard(watch)
        result = stack.preview_destroy(refresh=options.refresh, **options.choice(), **heard.into())
        return _plan(stack, cloud, result.steps, result.change_summary, heard)


def destroy(
    estate: Estate, cloud: str, state_dir: Path, options: Options = AS_IT_IS, watch: Watch = None, approved: Mapping[str, Any] | None = None
) -> Applied:
    """Delete everything that the stack made in the cloud, or the targets; with `approved` nothing that is not in that plan."""
    stack = _reached(estate, cloud, state_dir, program=False)
    with named(cloud):
        plan = stack.plan_from(approved) if approved else None
        heard = _Heard(watch)
        return _applied(
            stack, cloud, heard, lambda: stack.destroy(refresh=options.refresh, plan=plan, **options.choice(), **heard.into()).summary.resource_changes
        )


def refresh(estate: Estate, cloud: str, state_dir: Path, options: Options = DEFAULT, watch: Watch = None, forget_creates: bool = False) -> Applied:
    """Take what the cloud has into the state. `forget_creates`: also end the records of creates that were interrupted."""
    stack = _reached(estate, cloud, state_dir, program=False)
    with named(cloud):
        heard = _Heard(watch)
        return _applied(
            stack, cloud, heard, lambda: stack.refresh(clear_pending_creates=forget_creates, **options.choice(), **heard.into()).summary.resource_changes
        )


def refuse_if_systems_stand(estate: Estate, cloud: str) -> None:
    """Raise InputError when a system of the estate stands on a server that the cloud's stack made: it may hold the only copy of its data."""
    landed = {landing.system for landing in estate.clouds[cloud].landings}
    here = [system.id for system in estate.systems.values() if system.id in landed and system.cloud == cloud and system.status != "retired"]
    if here:
        raise InputError(f"{cloud}: {', '.join(here)} stand there, and their data would be lost: move or retire them first, or give --with-systems")


def drift(estate: Estate, cloud: str, state_dir: Path, options: Options = DEFAULT, watch: Watch = None) -> tuple[Change, ...]:
    """What was changed in the cloud behind the stack's back. Nothing is changed by asking, the state neither."""
    stack = _reached(estate, cloud, state_dir, program=False)
    with named(cloud):
        steps = stack.preview_refresh(**options.choice(), **_Heard(watch).into()).steps
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
        raise XiangyunError(f"{cloud}: {_plain(error.lines[0])}: wait for it to end, or stop it with `xiangyun cloud cancel`") from error
    except StackError as error:
        raise XiangyunError("\n".join(f"{cloud}: {_plain(line)}" for line in error.lines)) from error


def _plain(line: str) -> str:
    """The engine's line without what the user did not ask for: the word error, and that the login is a provider's creation."""
    text = line.removeprefix("error: ")
    login = text.removeprefix("pulumi:providers:xiangyun (default): ")
    return login.removeprefix("create failed: ") if login != text else text


class _Heard:
    """What a run says: its warnings are kept, its events handed on."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._warnings: list[str] = []

    def into(self) -> dict[str, Any]:
        watch = self._watch
        return {"on_output": self._line, "on_event": None if watch is None else lambda event: watch(to_json(event))}

    def _line(self, text: str) -> None:
        if text.startswith("warning: ") and text not in self._warnings:
            self._warnings.append(text)

    def warnings(self, cloud: str) -> tuple[str, ...]:
        return tuple(f"{cloud}: {text}" for text in self._warnings)


def _applied(stack: Stack, cloud: str, heard: _Heard, work: Callable[[], Any]) -> Applied:
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
    return Applied(cloud, before, stack.digest(), dict(counts or {}), failed, interrupted, heard.warnings(cloud))


def _urns(stack: Stack) -> set[str]:
    return {record["urn"] for record in (stack.export_stack().deployment or {}).get("resources", ()) if record["custom"]}


def _plan(stack: Stack, cloud: str, steps: list[Step], counts: Any, heard: _Heard, approved: Mapping[str, Any] | None = None) -> Plan:
    told = [step for step in steps if step.op not in QUIET and not step.type.startswith("pulumi:")]
    changes = tuple(_change(step) for step in sorted(told, key=lambda step: step.urn))  # by parents, and the same plan has the same digest
    asked = stack.plan_of(steps, approved.get("salt") if approved else None)
    deviations = stack.plan_from(approved).differences(asked) if approved else []
    return Plan(cloud, changes, dict(counts or {}), asked.to_json(), heard.warnings(cloud), tuple(f"{cloud}: {line}" for line in deviations))


def _change(step: Step) -> Change:
    if step.op in ("delete", "discard"):
        return Change(step.op, step.type, step.name)
    changes = sorted(step.changes(), key=lambda change: change[0])
    shown = tuple((name, None if before is None else _shown(before), None if after is None else _shown(after)) for name, before, after in changes)
    forced = tuple(name for name, _, _ in changes if step.forced_by(name)) or step.replaces
    return Change(step.op, step.type, step.name, shown, forced)


def _drifted(step: Step) -> Change:
    if step.new is None or step.old is None:
        return Change("gone", step.type, step.name)
    found: list[tuple[str, Any, Any]] = []
    for item in drifts(step.old, step.new):
        if item.secret:
            found.append((item.property, MASK, MASK))
        else:
            found += [(path, _shown(before), _shown(after)) for path, before, after in differences(item.before, item.after, item.property)]
    return Change("changed", step.type, step.name, tuple(found))


def _shown(value: Any) -> Any:
    if has_secret(value):
        return MASK
    return LATER if has_unknown(value) else plain(value)
