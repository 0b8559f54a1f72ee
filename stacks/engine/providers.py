"""Providers in process: which instance serves a resource, and its calls in the engine's own terms."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from pulumi.provider.experimental import provider as sdk

from stacks.engine import urns
from stacks.engine.state import State
from stacks.engine.values import UNKNOWN, UNKNOWN_ID, Secret, Values, from_properties, has_unknown, plain, to_properties, unsecret

Source = sdk.Provider | Callable[[], sdk.Provider]
Failures = list[tuple[str, str]]  # (property, reason)
REPLACING = {sdk.PropertyDiffKind.ADD_REPLACE, sdk.PropertyDiffKind.DELETE_REPLACE, sdk.PropertyDiffKind.UPDATE_REPLACE}


@dataclass(slots=True)
class Diff:
    """What changed, by property: `changed` names, `replaces` those that force a replacement, `detailed` paths (True: replacing)."""

    changes: bool
    changed: list[str] = field(default_factory=list)
    replaces: list[str] = field(default_factory=list)
    detailed: dict[str, bool] = field(default_factory=dict)
    delete_first: bool = False


@dataclass(slots=True)
class Found:
    """An object as the provider reads it; `inputs` is None where it gave none."""

    id: str
    outputs: Values
    inputs: Values | None


class NotReadyError(Exception):
    """The provider made or changed the object, and then it failed: what is there must not be lost."""

    def __init__(self, id_: str, outputs: Values, reasons: list[str], inputs: Values | None) -> None:
        super().__init__("; ".join(reasons))
        self.id, self.outputs, self.reasons, self.inputs = id_, outputs, reasons, inputs


class Backend(Protocol):
    """What operates on resources of one provider."""

    async def check(self, urn: str, old: Values, new: Values) -> tuple[Values, Failures]: ...
    async def diff(self, state: State, new: Values, ignore: list[str]) -> Diff: ...
    async def create(self, state: State, preview: bool) -> tuple[Any, Values]: ...
    async def update(self, old: State, new: State, preview: bool) -> Values: ...
    async def delete(self, state: State) -> None: ...
    async def read(self, state: State) -> Found | None: ...


class Instance:
    """One configured provider."""

    def __init__(self, provider: sdk.Provider, answer: sdk.ConfigureResponse | None) -> None:
        self.provider = provider
        self._secrets = answer is None or answer.accept_secrets
        self._previews = answer is not None and answer.supports_preview
        self._known = answer is not None  # a provider whose configuration is not known yet is asked nothing

    async def check(self, urn: str, old: Values, new: Values) -> tuple[Values, Failures]:
        if not self._known:
            return new, []
        given = to_properties(new, self._secrets)
        answer = await self.provider.check(sdk.CheckRequest(urn, to_properties(old, self._secrets), given, b""))
        inputs = new if answer.inputs is given or answer.inputs is None else self._marked(answer.inputs, new)
        return inputs, _failures(answer.failures)

    async def diff(self, state: State, new: Values, ignore: list[str]) -> Diff:
        if not self._known:
            return _guess(state.inputs, new)
        request = sdk.DiffRequest(state.urn, state.id, to_properties(state.outputs, self._secrets), to_properties(new, self._secrets), ignore)
        return _diff(await self.provider.diff(request), state.inputs, new)

    async def create(self, state: State, preview: bool) -> tuple[Any, Values]:
        if preview and not (self._known and self._previews):
            return UNKNOWN, {}
        given = to_properties(state.inputs, self._secrets)
        try:
            answer = await self.provider.create(sdk.CreateRequest(state.urn, given, state.timeouts.get("create", 0.0), preview))
        except Exception as error:
            raise self._not_ready(error, "", state.inputs) or error from None
        if not answer.resource_id and not preview:
            raise ValueError("the provider gave no id for what it created")
        id_ = UNKNOWN if not answer.resource_id or answer.resource_id == UNKNOWN_ID else answer.resource_id
        return id_, self._marked(answer.properties, state.inputs)

    async def update(self, old: State, new: State, preview: bool) -> Values:
        if preview and not (self._known and self._previews):
            return {}
        olds, news = to_properties(old.outputs, self._secrets), to_properties(new.inputs, self._secrets)
        request = sdk.UpdateRequest(new.urn, old.id, olds, news, new.timeouts.get("update", 0.0), new.ignore_changes, preview)
        try:
            return self._marked((await self.provider.update(request)).properties, new.inputs)
        except Exception as error:
            raise self._not_ready(error, old.id, new.inputs) or error from None

    async def delete(self, state: State) -> None:
        properties = to_properties(state.outputs, self._secrets)
        await self.provider.delete(sdk.DeleteRequest(state.urn, state.id, properties, state.timeouts.get("delete", 0.0)))

    async def read(self, state: State) -> Found | None:
        request = sdk.ReadRequest(state.urn, state.id, to_properties(state.outputs, self._secrets), to_properties(state.inputs, self._secrets))
        try:
            answer = await self.provider.read(request)
        except Exception as error:
            raise self._not_ready(error, state.id, state.inputs) or error from None
        if not answer.resource_id:
            return None
        inputs = self._marked(answer.inputs, state.inputs) if answer.inputs else None
        return Found(answer.resource_id, self._marked(answer.properties, state.inputs), inputs)

    async def invoke(self, token: str, arguments: Values) -> tuple[Values, Failures]:
        answer = await self.provider.invoke(sdk.InvokeRequest(token, to_properties(arguments, self._secrets)))
        return from_properties(answer.return_value), _failures(answer.failures)

    def _marked(self, properties: Mapping[str, Any] | None, inputs: Values) -> Values:
        """What the provider answered. One that cannot carry secrets gives them back plain: they are marked again by name."""
        values = from_properties(properties)
        if not self._secrets:
            for key, value in values.items():
                if isinstance(inputs.get(key), Secret) and not isinstance(value, Secret):
                    values[key] = Secret(value)
        return values

    def _not_ready(self, error: Exception, id_: str, inputs: Values) -> NotReadyError | None:
        """The "made, but not ready" form of an exception that has it."""
        made = getattr(error, "resource_id", None) or id_
        reasons = getattr(error, "reasons", None)
        if not made or reasons is None:
            return None
        given = getattr(error, "inputs", None)
        outputs = self._marked(getattr(error, "properties", None), inputs)
        return NotReadyError(made, outputs, [str(reason) for reason in reasons], self._marked(given, inputs) if given else None)


class Registry:
    """All providers of a run, by reference `URN::ID`; itself the backend of provider resources."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self.states: dict[str, State] = {}
        self._sources = sources
        self._instances: dict[str, asyncio.Future[Instance]] = {}
        self._configured: dict[str, Values] = {}  # what each was started with
        self._fresh: dict[str, sdk.Provider] = {}  # by URN: made for checking, to be configured next

    def know(self, state: State) -> None:
        """Remember a provider's record, so that it can be started when somebody needs it."""
        ref = f"{state.urn}::{UNKNOWN_ID if state.id is UNKNOWN else state.id}"
        self.states[ref] = state
        if self._configured.get(ref, state.inputs) != state.inputs:  # a difference that the provider did not tell of: whoever asks next has it
            del self._instances[ref], self._configured[ref]

    async def get(self, ref: str) -> Instance:
        """The instance behind a reference. It is configured once, however many ask; if that fails, all of them are told the same."""
        instance = self._instances.get(ref)
        if instance is None:
            instance = self._instances[ref] = asyncio.ensure_future(self._start(ref))
        return await asyncio.shield(instance)

    async def _start(self, ref: str) -> Instance:
        state = self.states.get(ref)
        if state is None:
            raise LookupError(f"unknown provider {ref}")
        self._configured[ref] = state.inputs
        return await self._configure(state.urn, state.inputs)

    async def _restart(self, ref: str, urn: str, inputs: Values) -> None:
        """Configure anew, for whoever needs it from now on."""
        self._configured[ref] = inputs
        task = self._instances[ref] = asyncio.ensure_future(self._configure(urn, inputs))
        await asyncio.shield(task)

    def forget(self) -> None:
        """Let go of the instances: they are results of tasks, whose context has all that the program made."""
        self._instances.clear()
        self._configured.clear()

    def _make(self, package: str) -> sdk.Provider:
        source = self._sources.get(package)
        if source is None:
            raise LookupError(f"no provider for package {package!r} was given to the stack (there are: {', '.join(sorted(self._sources)) or 'none'})")
        return source if isinstance(source, sdk.Provider) else source()

    async def _configure(self, urn: str, inputs: Values) -> Instance:
        package = urns.package_of(urns.type_of(urn))
        provider = self._fresh.pop(urn, None) or self._make(package)
        if has_unknown(inputs):
            return Instance(provider, None)
        variables = {f"{package}:config:{key}": _text(value) for key, value in inputs.items()}
        return Instance(provider, await provider.configure(sdk.ConfigureRequest(variables, to_properties(inputs), True, True)))

    def _unconfigured(self, urn: str) -> sdk.Provider:
        provider = self._fresh.get(urn)
        if provider is None:
            provider = self._fresh[urn] = self._make(urns.package_of(urns.type_of(urn)))
        return provider

    # --- as the backend of provider resources ---

    async def check(self, urn: str, old: Values, new: Values) -> tuple[Values, Failures]:
        answer = await self._unconfigured(urn).check_config(sdk.CheckRequest(urn, to_properties(old), to_properties(new), b""))
        return (new if answer.inputs is None else from_properties(answer.inputs)), _failures(answer.failures)

    async def diff(self, state: State, new: Values, ignore: list[str]) -> Diff:
        request = sdk.DiffRequest(state.urn, state.id, to_properties(state.outputs), to_properties(new), ignore)
        return _diff(await self._unconfigured(state.urn).diff_config(request), state.inputs, new)

    async def create(self, state: State, preview: bool) -> tuple[Any, Values]:
        id_ = UNKNOWN if preview else str(uuid.uuid4())
        await self._restart(f"{state.urn}::{UNKNOWN_ID if preview else id_}", state.urn, state.inputs)
        return id_, dict(state.inputs)

    async def update(self, old: State, new: State, preview: bool) -> Values:
        await self._restart(old.ref, new.urn, new.inputs)
        return dict(new.inputs)

    async def delete(self, state: State) -> None:
        """A provider is an instance in this process: there is nothing outside to delete."""

    async def read(self, state: State) -> Found | None:
        return Found(str(state.id), state.outputs, state.inputs)


def _text(value: Any) -> str:
    shown = plain(value)
    return shown if isinstance(shown, str) else json.dumps(shown)


def _failures(failures: list[sdk.CheckFailure] | None) -> Failures:
    return [(failure.property, failure.reason) for failure in failures or []]


def _guess(old: Values, new: Values) -> Diff:
    """The difference by inputs alone, for a provider that does not say."""
    before, after = unsecret(old), unsecret(new)
    changed = [key for key in {**before, **after} if key not in before or key not in after or before[key] != after[key]]
    return Diff(bool(changed), changed)


def _diff(answer: sdk.DiffResponse, old: Values, new: Values) -> Diff:
    detailed = {path: change.kind in REPLACING for path, change in answer.detailed_diff.items()}
    replaces = list(dict.fromkeys([*answer.replaces, *(path for path, replacing in detailed.items() if replacing)]))
    changed = list(dict.fromkeys([*answer.diffs, *(path.split(".")[0].split("[")[0] for path in detailed)]))
    if answer.changes is None and not (replaces or changed):
        return _guess(old, new)
    changes = bool(replaces) or (bool(changed) if answer.changes is None else answer.changes)
    return Diff(changes, changed or (_guess(old, new).changed if changes else []), replaces, detailed, answer.delete_before_replace)
