"""One program's steps on the embedded engine or the real CLI, told in one form, so that both can be compared.

A step is told as a JSON object: `do`; `changes` (the summary's); `operations` by resource; `calls` of the provider, in their order; `violations` of
policies; `refused` (the other errors); `seen` (what the program noted); `state` (the records that this step changed; null: gone); `pending` operations.
What is empty is not told.
Names are short for URNs: `TYPE::name` for `urn:pulumi:STACK::p::TYPE::name`. Left out, or named alike, are times, versions, random ids, the ciphertext of
secrets, and the order of records that do not need each other.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pulumi import automation
from pulumi.automation import CommandError, EngineEvent
from pulumi.automation.events import PolicyEvent

from stacks.engine import Stack
from stacks.engine.state import State
from tests.stacks import plugin
from tests.stacks.memory import Memory, World

Step = dict[str, Any]
Script = Callable[["Run"], None]
SECRET = ("4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270")
INTERRUPTED_S = 2  # the CLI has heard it by then
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
POLICY = "a mandatory policy is not kept"
_LEFT_OUT = {"urn", "type", "delete", "created", "modified", "sourcePosition", "stackTrace"}


class Run(ABC):
    """The steps of one program. `world` is what exists outside; change it between steps as you like.

    The options `plan`, `policy_packs` and `policy_pack_configs` name files and folders in `folder`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.world = World()
        self.world.ids_by_name = True
        self.config: dict[str, str] = {}
        self.secrets: dict[str, str] = {}
        self.steps: list[Step] = []
        self._seen: list[Any] = []
        self._uuids: dict[str, str] = {}
        self._last: dict[str, dict[str, Any]] = {}  # by stack: its records

    def up(self, program: Callable[[], Any], **options: Any) -> None:
        self._step("up", program, **options)

    def preview(self, program: Callable[[], Any], **options: Any) -> None:
        self._step("preview", program, **options)

    def refresh(self, **options: Any) -> None:
        self._step("refresh", lambda: None, **options)

    def destroy(self, **options: Any) -> None:
        self._step("destroy", lambda: None, **options)

    def note(self, *values: Any) -> None:
        """Tell what the program sees; the order of notes does not count."""
        self._seen.append(list(values))

    def beside(self, do: str, program: Callable[[], Any]) -> str:
        """From within a step's program: do this to the same stack; the name of the error that refuses it, or nothing."""
        said: list[str] = []

        def second() -> None:
            try:
                self._carry_out(do, program, "dev", {})
            except CommandError as error:
                said.append(type(error).__name__)

        thread = threading.Thread(target=second)  # a program runs in the SDK's own context, which a second one must not have
        thread.start()
        thread.join()
        return "".join(said)

    def killed(self, kind: str, name: str) -> None:
        """As a run that is killed leaves the state: it began this on a resource, which is there or to be as `a` is, and nobody knows how it ended."""
        records = {record["urn"]: record for record in self._export("dev")["resources"]}
        new = {key: value for key, value in records[self.urn("a")].items() if key not in ("id", "outputs")}
        record = records.get(self.urn(name), {**new, "urn": self.urn(name)})
        self._begun({"type": kind, "resource": record})

    @abstractmethod
    def _begun(self, operation: dict[str, Any]) -> None: ...

    @abstractmethod
    def interrupt(self) -> None:
        """From within a step's program: have the step ended, as Ctrl-C does."""

    def urn(self, name: str, type_: str = "mem:index:Thing") -> str:
        return f"urn:pulumi:dev::p::{type_}::{name}"

    @abstractmethod
    def _carry_out(self, do: str, program: Callable[[], Any], stack: str, options: dict[str, Any]) -> None: ...

    @abstractmethod
    def _export(self, stack: str) -> Mapping[str, Any]: ...

    def _step(self, do: str, program: Callable[[], Any], stack: str = "dev", **options: Any) -> None:
        events: list[EngineEvent] = []
        self._seen.clear()
        self.world.calls.clear()
        failed = ""
        try:
            files: dict[str, Any] = {"plan": str(self.folder / f"{options['plan']}.json")} if "plan" in options else {}
            files |= {key: [str(self.folder / name) for name in options[key]] for key in ("policy_packs", "policy_pack_configs") if key in options}
            self._carry_out(do, program, stack, {"parallel": 1, "on_event": events.append, **options, **files})
        except CommandError as error:
            failed = str(error)
        told: Step = {"do": do, "stack": stack if stack != "dev" else "", "options": options}
        told["changes"] = next((_counts(event.summary_event.resource_changes) for event in events if event.summary_event), {})
        told["operations"] = _operations(events)
        told["calls"] = [" ".join(call) for call in self.world.calls]
        said = [event.policy_event for event in events if event.policy_event]
        told["violations"] = sorted(map(_violation, said))
        words = sorted({refusal(line.partition("error: ")[2]) for line in failed.split("\n") if "error: " in line} - {""})
        mandatory = any(item.enforcement_level == "mandatory" for item in said)
        told["refused"] = (sorted(_refusals(events)) or ([POLICY] if mandatory else words)) if failed else []
        told["seen"] = sorted(self._seen, key=repr)
        exported = self._export(stack)
        before, now = self._last.get(stack, {}), self._named_alike(_records(exported.get("resources") or []))
        self._last[stack] = now
        told["state"] = {name: now.get(name) for name in sorted({**before, **now}) if before.get(name) != now.get(name)}
        told["pending"] = _pending(exported.get("pending_operations") or [])
        self.steps.append({key: self._named_alike(value) for key, value in told.items() if value or key == "do"})

    def _named_alike(self, value: Any) -> Any:
        """Random ids by the order in which they turn up, and URNs without what they all begin with."""
        if isinstance(value, str):
            value = re.sub(r"urn:pulumi:\w+::p::", "", value)
            return _UUID.sub(lambda found: self._uuids.setdefault(found[0], f"uuid-{len(self._uuids) + 1}"), value)
        if isinstance(value, list):
            return [self._named_alike(item) for item in value]
        if isinstance(value, dict):
            return {key: self._named_alike(item) for key, item in value.items()}
        return value


class Embedded(Run):
    """On stacks.engine, in this process."""

    def _stack(self, name: str, program: Callable[[], Any]) -> Stack:
        return Stack("p", name, program, self.folder, {"mem": lambda: Memory(self.world)}, self.config, self.secrets, "test")

    def _carry_out(self, do: str, program: Callable[[], Any], stack: str, options: dict[str, Any]) -> None:
        running = self._running = self._stack(stack, program)
        getattr(running, do)(**options)

    def interrupt(self) -> None:
        self._running.cancel()

    def _begun(self, operation: dict[str, Any]) -> None:
        stack = self._stack("dev", lambda: None)
        stack.import_stack(automation.Deployment(3, {**(stack.export_stack().deployment or {}), "pending_operations": [operation]}))

    def _export(self, stack: str) -> Mapping[str, Any]:
        return self._stack(stack, lambda: None).export_stack().deployment or {}


class Workspace:
    """Where the `pulumi` that is on PATH works: files as its back end, one plugin (the Python lines that serve it), nothing fetched."""

    def __init__(self, folder: Path, package: str, serve: str, **environment: str) -> None:
        self._folder = folder
        for name in ("state", "home", "bin"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        script = folder / "bin" / f"pulumi-resource-{package}"
        script.write_text(f"#!{sys.executable}\n{serve}\n", "utf-8")
        script.chmod(0o755)
        self._environment = {
            "PATH": f"{script.parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_EXPERIMENTAL": "1",  # saved plans
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
            **environment,
        }

    @contextmanager
    def stack(self, project: str, name: str, program: Callable[[], Any]) -> Iterator[automation.Stack]:
        """A stack of the Automation API."""
        settings = automation.ProjectSettings(project, "python", backend=automation.ProjectBackend(self._environment["PULUMI_BACKEND_URL"]))
        options = automation.LocalWorkspaceOptions(pulumi_home=str(self._folder / "home"), env_vars=self._environment, project_settings=settings)
        stack = automation.create_or_select_stack(name, project, program, opts=options)
        try:
            yield stack
        finally:
            shutil.rmtree(stack.workspace.work_dir, ignore_errors=True)


class Cli(Run):
    """On the real CLI, through the Automation API."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._world_file = folder / "world.json"
        self._workspace = Workspace(folder, "mem", "from tests.stacks.plugin import main\nmain()", **{plugin.WORLD: str(self._world_file)})

    def _carry_out(self, do: str, program: Callable[[], Any], stack: str, options: dict[str, Any]) -> None:
        values = {key: automation.ConfigValue(value) for key, value in self.config.items()}
        values |= {key: automation.ConfigValue(value, True) for key, value in self.secrets.items()}
        more = {"program": program} if do in ("up", "preview") else {}
        with self._workspace.stack("p", stack, program) as real:
            if values:
                real.set_all_config(values)
            plugin.save(self.world, self._world_file)
            try:
                getattr(real, do)(**more, **options)
            finally:
                plugin.load(self.world, self._world_file)

    def _begun(self, operation: dict[str, Any]) -> None:
        file = self.folder / "state" / ".pulumi" / "stacks" / "p" / "dev.json"  # its `stack import` leaves begun operations out
        data = json.loads(file.read_text("utf-8"))
        data["checkpoint"]["latest"]["pending_operations"] = [operation]
        file.write_text(json.dumps(data), "utf-8")

    def interrupt(self) -> None:
        for task in Path("/proc/self/task").iterdir():
            for pid in map(int, (task / "children").read_text().split()):
                if Path(f"/proc/{pid}/comm").read_text().strip() == "pulumi":
                    os.kill(pid, signal.SIGINT)
        time.sleep(INTERRUPTED_S)

    def _export(self, stack: str) -> Mapping[str, Any]:
        with self._workspace.stack("p", stack, lambda: None) as real:
            return real.export_stack().deployment or {}


def _counts(changes: Any) -> dict[str, int]:
    return {str(getattr(op, "value", op)): number for op, number in sorted((changes or {}).items(), key=lambda item: str(item[0])) if number}


def _operations(events: list[EngineEvent]) -> dict[str, list[str]]:
    """What was done to each resource, in order. Some are told when they begin, all when they end; a stack may be told of more than once."""
    found: dict[str, list[str]] = {}
    for event in events:
        for told, what in ((event.resource_pre_event, ""), (event.res_outputs_event, ""), (event.res_op_failed_event, " failed")):
            if told is not None:
                op, done = told.metadata.op.value, found.setdefault(_short(told.metadata.urn), [])
                if done[-1:] in ([op], ["refresh"]):  # a refresh is told by what came of it
                    done.pop()
                done.append(op + what)
    return dict(sorted(found.items()))


def _refusals(events: list[EngineEvent]) -> set[str]:
    """The errors in the words that both have: without paths and stack traces, and what the program raised without the word around it."""
    said = [event.diagnostic_event for event in events if event.diagnostic_event and event.diagnostic_event.severity == "error"]
    told = {text for item in said if (text := refusal(item.message, _short(item.urn or "")))}
    return {text for text in told if f"the program failed: {text}" not in told}  # the CLI logs it besides


def _violation(said: PolicyEvent) -> str:
    policy = f"{said.policy_pack_name}@{said.policy_pack_version} {said.policy_name} ({said.enforcement_level})"
    return f"{_short(said.resource_urn or '')}: {policy}: {' '.join(_colourless(said.message).split())}"


def _colourless(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m|<\{%.*?%\}>", "", text)


def refusal(message: str, resource: str = "") -> str:
    """One error as it is told; empty for what only says that the program's end follows from another."""
    text = _colourless(message).strip()
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("  ")]
    text = f"the program failed: {lines[-1]}" if "Traceback" in text else " ".join(lines)
    for words, alike in _WORDS:
        text = re.sub(words, alike, text)
    if text in _FOLLOWS:
        return ""
    return f"{resource}: {text}" if resource else text


_WORDS = (  # where the two say one thing in other words
    (r"^an unhandled error occurred: ", "the program failed: "),
    (r"^(the program failed: )[\w.]+Error: ", r"\1"),
    (r"^(create|update|delete|read) failed: |^\d+ errors? occurred: \* ", ""),  # which it was is told by the operations
    (r"^\S+ resource '.*?': property (\w+) value \{.*?\} has a problem: ", r"property \1 value: "),
    (r"^Resource '.*?' depends on '(.*?)' which was was not specified in --target list.*", r"it needs \1, which is no target"),
    (r"^it needs (.*?), which does not exist: give it as a target too", r"it needs \1, which is no target"),
    (r"^Resource '.*?' will be destroyed but was not specified in --target list.*", "it needs what is to be deleted"),
    (r"^it needs .*?, which cannot be deleted alone: .*", "it needs what is to be deleted"),
    (r"^Target '(.*?)' could not be found in the stack.*", r"no resource named \1 found"),
    (r"^unknown stack \"(.*?)\"|^no stack named '(.*?)' found", r"no stack named \1\2"),
    (r"^Preview failed: ", ""),
    (r"^interrupted: what was begun has ended .*", "update canceled"),
    (r"^Resource has delete hooks registered, but the program is not running. Hooks: (\w+).*", r'hook "\1" was not registered'),
    (r"^(hook \".*?\" was not registered): .*", r"\1"),
    (r"^(no changes were expected) .*", r"\1"),
    (r"^(no resource named .*? found) in the stack", r"\1"),
    (r"^(\w+ is not allowed by the plan|resource \S+ violates plan|not in the plan, and not done): .*", "the plan does not allow it"),
    (r"^expected resource operations for \S+ but none were seen|^in the plan, and not done: .*", "the plan has it"),
    (r"^failed to run (policy|remediation): Exception calling application: |^Exception calling application: ", "a policy raised: "),
    (r"^policy pack \S+ failed: \w+: (.*) \(\S+:\d+\)$", r"a policy raised: \1"),
    (r"^policy pack not started: .*|^policy pack \S+ cannot be loaded: .*", "the policy pack's program failed"),
    (r"^failed to load Pulumi policy project .*|^\S+ is no policy pack: .*", "the folder is no policy pack"),
    (r"^validating policy config: \S+ \S+  (\w+): .*|^parsing enforcement level for \"(\w+)\": .*", r"the configuration of policy \1\2"),
    (r"^policy pack \S+: (\w+): (setting|enforcement level) .*", r"the configuration of policy \1"),
    (r"^policy pack \S+: (there is no policy \w+): .*", r"\1"),
    (r"^json: cannot unmarshal .*|^\S+ is not a mapping of policy names .*", "the configuration is no mapping"),
    (r"^unable to (replace|delete) resource (\".*?\") as it is currently marked for protection.*", r"\1 \2: it is protected"),
    (r"^resource (\".*?\") cannot be deleted because it is protected.*", r"delete \1: it is protected"),
)
_FOLLOWS = {
    "Resource monitor has terminated, shutting down",
    "Program failed with an unhandled exception:",
    "update failed",
    "preview failed",
    "destroy failed",
}


def settled(steps: list[Step]) -> list[Step]:
    """The calls in the one order that all runs share: of those on resources that do not need each other the first by name goes first."""
    needs: dict[str, set[str]] = {}
    for step in steps:
        for urn, record in step.get("state", {}).items():
            needs.setdefault(_name(urn), set()).update(_needs(record or {}))
    closed = {name: _closure(name, needs) for name in needs}

    def bound(one: str, other: str) -> bool:
        a, b = one.split()[-1], other.split()[-1]
        return a == b or a in closed.get(b, ()) or b in closed.get(a, ())

    for step in steps:
        left, calls = list(step.get("calls", [])), []
        while left:
            free = [call for number, call in enumerate(left) if not any(bound(call, before) for before in left[:number])]
            calls.append(min(free))
            left.remove(min(free))
        if calls:
            step["calls"] = calls
    return steps


def _needs(record: dict[str, Any]) -> Iterator[str]:
    lists = [record.get("dependencies", []), record.get("replaceWith", []), *record.get("propertyDependencies", {}).values()]
    for urn in [record.get("parent", ""), record.get("deletedWith", ""), *(urn for urns in lists for urn in urns)]:
        if urn:
            yield _name(urn)
    if provider := record.get("provider"):
        yield _name(provider.rpartition("::")[0])


def _name(urn: str) -> str:
    return urn.removesuffix(" (old)").split("::")[-1]


def _closure(name: str, needs: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    left = [name]
    while left:
        for needed in needs.get(left.pop(), set()) - found:
            found.add(needed)
            left.append(needed)
    return found


def _short(urn: str) -> str:
    return urn.split("::", 2)[2] if urn.startswith("urn:") else urn


def _records(records: list[dict[str, Any]]) -> dict[str, Any]:
    """Records by resource; that needed ones stand first is checked here. The old half of a replacement is told as `… (old)`."""
    at = {record["urn"]: number for number, record in enumerate(records)}
    found: dict[str, Any] = {}
    for number, record in enumerate(records):
        late = [name for name in State.from_json(record, lambda sealed: sealed["plaintext"]).needs() if name in at and at[name] > number]
        assert not late or record.get("delete"), f"{record['urn']} stands before {late}, which it needs"
        name = _short(record["urn"]) + (" (old)" if record.get("delete") else "")
        while name in found:
            name += "+"
        found[name] = _bare(record)
    return dict(sorted(found.items()))


def _pending(operations: list[dict[str, Any]]) -> list[str]:
    return sorted(f"{item['type']} {_short(item['resource']['urn'])}" for item in operations)


def _bare(record: dict[str, Any]) -> dict[str, Any]:
    """What the record says, without its times; `urn` and `type` follow from its name."""
    kept = {key: _unsealed(value) for key, value in sorted(record.items()) if key not in _LEFT_OUT}
    if "propertyDependencies" in kept:  # sets, told in whatever order
        kept["propertyDependencies"] = {key: sorted(names) for key, names in kept["propertyDependencies"].items()}
    return {key: sorted(value) if key == "dependencies" else value for key, value in kept.items()}


def _unsealed(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get(SECRET[0]) == SECRET[1]:
            plain = value.get("plaintext")
            return {"secret": "sealed" if plain is None else json.dumps(json.loads(plain), separators=(",", ":"), ensure_ascii=False)}
        return {key: _unsealed(item) for key, item in sorted(value.items())}
    if isinstance(value, list):
        return [_unsealed(item) for item in value]
    return value
