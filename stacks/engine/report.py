"""What a run says: lines as they happen, steps with what changes, counts, errors."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pulumi.automation import events

from stacks.engine import paths, urns
from stacks.engine.state import State
from stacks.engine.values import has_secret, plain

_SYMBOLS = {
    "same": " ",
    "create": "+",
    "update": "~",
    "delete": "-",
    "replace": "+-",
    "create-replacement": "++",
    "delete-replaced": "--",
    "read": ">",
    "read-replacement": ">>",
    "discard": "<",
    "discard-replaced": "<<",
    "import": "=",
    "import-replacement": "=>",
    "refresh": "~",
    "remove-pending-replace": "~",
}
_PAST = {"same": "unchanged", "create": "created", "update": "updated", "delete": "deleted", "replace": "replaced", "import": "imported"}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done, or (preview) to be done, to one resource. `changed` are top-level property names."""

    op: str
    urn: str
    old: State | None = None
    new: State | None = None
    changed: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    detailed: dict[str, bool] = field(default_factory=dict)

    @property
    def type(self) -> str:
        return urns.type_of(self.urn)

    @property
    def name(self) -> str:
        return urns.name_of(self.urn)

    def changes(self) -> list[tuple[str, Any, Any]]:
        """(path, before, after) of the inputs that differ; secrets stay `Secret` objects, which show nothing."""
        return list(paths.differences(self.old.inputs if self.old else {}, self.new.inputs if self.new else {}))

    def forced_by(self, path: str) -> bool:
        """Whether the resource is replaced because of this property."""
        return any(paths.contains(paths.parse(name), paths.parse(path)) or paths.contains(paths.parse(path), paths.parse(name)) for name in self.replaces)


@dataclass(frozen=True, slots=True)
class Violation:
    """What a policy said of a resource (`urn` empty: of the stack). `pack` is `NAME@vVERSION`, `level` the policy's enforcement level."""

    pack: str
    policy: str
    level: str
    message: str
    urn: str = ""

    @property
    def mandatory(self) -> bool:
        return self.level == "mandatory"


class Reporter:
    """Collects what a run does. `on_output` gets each line as it is said, `on_event` the engine events of `pulumi.automation`."""

    def __init__(
        self, preview: bool, on_output: Callable[[str], Any] | None, on_event: Callable[[events.EngineEvent], Any] | None, on_error: Callable[[str], Any] | None
    ) -> None:
        self.preview = preview
        self.steps: list[Step] = []
        self.counts: Counter[str] = Counter()
        self.lines: list[str] = []
        self.errors: list[str] = []
        self._on_output, self._on_event, self._on_error = on_output, on_event, on_error
        self._sequence = 0
        self._begun: dict[str, Step] = {}

    def say(self, line: str) -> None:
        self.lines.append(line)
        if self._on_output is not None:
            self._on_output(line)

    def warn(self, message: str, urn: str = "") -> None:
        self.say(f"warning: {_at(urn)}{message}")
        self._diagnose("warning", message, urn)

    def error(self, message: str, urn: str = "") -> None:
        if not self._failed(f"error: {_at(urn)}{message}"):
            return
        self._diagnose("error", message, urn)
        if self._on_event is not None and urn in self._begun and not self.preview:
            self._emit(res_op_failed_event=events.ResOpFailedEvent(_metadata(self._begun.pop(urn), True), 0, 0))

    def _failed(self, line: str) -> bool:
        """Note an error; False: it is known already."""
        if line in self.errors:
            return False
        self.errors.append(line)
        if self._on_error is not None:
            self._on_error(line)
        return True

    def violated(self, violation: Violation) -> None:
        """A policy that a resource does not keep: mandatory ones fail the run, others are said. In the events each is a policy's alone, no diagnostic."""
        where = violation.urn
        text = f"policy {violation.pack}: {violation.policy} ({violation.level}): {violation.message}"
        if self._on_event is not None:
            level = "mandatory" if violation.mandatory else "advisory"
            name, version = violation.pack.rpartition("@v")[::2]
            self._emit(policy_event=events.PolicyEvent(violation.message, "never", violation.policy, name, version, version, level, where or None))
        if violation.mandatory:
            self._failed(f"error: {_at(where)}{text}")
        else:
            self.say(f"warning: {_at(where)}{text}")

    def prelude(self, config: dict[str, str]) -> None:
        """The first event: the stack's configuration, secrets masked."""
        if self._on_event is not None:
            self._emit(prelude_event=events.PreludeEvent(config))

    def complain(self, message: str, urn: str = "") -> None:
        """An error that the program logged: it is said, and does not fail the run by itself."""
        self.say(f"error: {_at(urn)}{message}")
        self._diagnose("error", message, urn)

    def info(self, message: str, urn: str = "") -> None:
        self.say(f"{_at(urn)}{message}")
        self._diagnose("info", message, urn)

    def begin(self, step: Step, counted: bool = True) -> None:
        """Say what is now being done."""
        if step.op != "same" and not urns.is_default_provider(step.urn):
            self.say(f" {_SYMBOLS[step.op]:<2} {step.type} {step.name} {step.op}{' (preview)' if self.preview else ''}")
        if self._on_event is not None:
            self._begun[step.urn] = step
            self._emit(resource_pre_event=events.ResourcePreEvent(_metadata(step, counted), self.preview))

    def done(self, step: Step, counted: bool = True) -> None:
        """Note a step that succeeded. Default providers, and the halves of a replacement, are not counted."""
        self.steps.append(step)
        if counted and not urns.is_default_provider(step.urn):
            self.counts[step.op] += 1
        if self._on_event is not None:
            self._begun.pop(step.urn, None)
            self._emit(res_outputs_event=events.ResOutputsEvent(_metadata(step, counted), self.preview))

    def finish(self, duration_s: float) -> None:
        self.say("Resources:" if self.counts else "Resources: none")
        for op, number in self.counts.items():
            self.say(f"    {_SYMBOLS[op].strip() or ' '} {number} {_PAST.get(op, op) if not self.preview or op == 'same' else f'to {op}'}")
        self.say(f"Duration: {duration_s:.1f}s")
        if self._on_event is not None:
            self._emit(summary_event=events.SummaryEvent(False, int(duration_s), dict(self.counts), {}))  # type: ignore[arg-type]
            self._emit(cancel_event=events.CancelEvent())  # in Pulumi's streams the last one, however the run ended

    def _diagnose(self, severity: str, message: str, urn: str) -> None:
        if self._on_event is not None:
            self._emit(diagnostic_event=events.DiagnosticEvent(message + "\n", "never", severity, urn=urn or None))

    def _emit(self, **kinds: Any) -> None:
        self._sequence += 1
        assert self._on_event is not None
        self._on_event(events.EngineEvent(sequence=self._sequence, timestamp=int(time.time()), **kinds))


def _at(urn: str) -> str:
    return f"{urns.type_of(urn)} ({urns.name_of(urn)}): " if urn else ""


def _metadata(step: Step, logical: bool) -> events.StepEventMetadata:
    state = step.new or step.old
    kinds = {True: events.DiffKind.UPDATE_REPLACE, False: events.DiffKind.UPDATE}
    return events.StepEventMetadata(
        op=events.OpType(step.op),
        urn=step.urn,
        type=step.type,
        provider=state.provider if state else "",
        old=_state(step.old),
        new=_state(step.new),
        keys=list(step.replaces),
        diffs=list(step.changed),
        detailed_diff={path: events.PropertyDiff(kinds[replacing], False) for path, replacing in step.detailed.items()} or None,
        logical=logical,
    )


def _state(state: State | None) -> events.StepEventStateMetadata | None:
    if state is None:
        return None
    return events.StepEventStateMetadata(
        type=state.type,
        urn=state.urn,
        id=str(state.id),
        parent=state.parent,
        provider=state.provider,
        custom=state.custom,
        delete=state.delete,
        protect=state.protect,
        retain_on_delete=state.retain_on_delete,
        inputs=_shown(state.inputs),
        outputs=_shown(state.outputs),
        init_errors=state.init_errors,
    )


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    return {key: "[secret]" if has_secret(value) else plain(value) for key, value in values.items()}
