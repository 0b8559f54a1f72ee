"""One resource's record, and its form in Pulumi's deployment JSON (version 3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from stacks.engine import urns
from stacks.engine.values import Values, from_json, to_json

# attribute → key in state JSON, for what is copied as it is and left out when empty; the order is that of the CLI's files
_PLAIN = {
    "parent": "parent",
    "protect": "protect",
    "external": "external",
    "dependencies": "dependencies",
    "init_errors": "initErrors",
    "provider": "provider",
    "property_dependencies": "propertyDependencies",
    "pending_replacement": "pendingReplacement",
    "additional_secret_outputs": "additionalSecretOutputs",
    "timeouts": "customTimeouts",
    "import_id": "importID",
    "retain_on_delete": "retainOnDelete",
    "deleted_with": "deletedWith",
    "created": "created",
    "modified": "modified",
    "ignore_changes": "ignoreChanges",
    "replace_on_changes": "replaceOnChanges",
    "hide_diffs": "hideDiff",
    "replace_with": "replaceWith",
    "hooks": "resourceHooks",
}
_ATTRIBUTES = {name: attribute for attribute, name in _PLAIN.items()} | {"delete": "delete"}
_VALUES = {"inputs": "inputs", "outputs": "outputs", "replacementTrigger": "replacement_trigger"}


@dataclass(slots=True)
class State:
    """A resource as the last operation left it. `key` is its row in the journal (0: not stored yet); timeouts are in seconds."""

    urn: str
    type: str
    custom: bool = True
    id: Any = ""
    inputs: Values = field(default_factory=dict)
    outputs: Values = field(default_factory=dict)
    parent: str = ""
    protect: bool = False
    external: bool = False
    delete: bool = False
    dependencies: list[str] = field(default_factory=list)
    init_errors: list[str] = field(default_factory=list)
    provider: str = ""
    property_dependencies: dict[str, list[str]] = field(default_factory=dict)
    pending_replacement: bool = False
    additional_secret_outputs: list[str] = field(default_factory=list)
    timeouts: dict[str, float] = field(default_factory=dict)
    import_id: str = ""
    retain_on_delete: bool = False
    deleted_with: str = ""
    created: str = ""
    modified: str = ""
    ignore_changes: list[str] = field(default_factory=list)
    replace_on_changes: list[str] = field(default_factory=list)
    hide_diffs: list[str] = field(default_factory=list)
    replace_with: list[str] = field(default_factory=list)
    replacement_trigger: Any = None
    hooks: dict[str, list[str]] = field(default_factory=dict)
    key: int = field(default=0, compare=False)

    @property
    def name(self) -> str:
        return urns.name_of(self.urn)

    @property
    def ref(self) -> str:
        """How others name it when it is a provider."""
        return f"{self.urn}::{self.id}"

    def needs(self) -> Iterator[str]:
        """URNs of what must exist for this resource to exist."""
        if self.parent:
            yield self.parent
        yield from self.dependencies
        for names in self.property_dependencies.values():
            yield from names
        if self.provider:
            yield urns.parse_provider(self.provider)[0]
        if self.deleted_with:
            yield self.deleted_with
        yield from self.replace_with

    def rename(self, moved: dict[str, str]) -> bool:
        """Follow resources to their new URNs; True if anything changed."""
        if not any(name in moved for name in self.needs()):
            return False
        self.parent = moved.get(self.parent, self.parent)
        self.deleted_with = moved.get(self.deleted_with, self.deleted_with)
        self.dependencies = [moved.get(name, name) for name in self.dependencies]
        self.replace_with = [moved.get(name, name) for name in self.replace_with]
        self.property_dependencies = {key: [moved.get(name, name) for name in names] for key, names in self.property_dependencies.items()}
        if self.provider:
            urn, id_ = urns.parse_provider(self.provider)
            self.provider = f"{moved.get(urn, urn)}::{id_}"
        return True

    def forget(self, gone: set[str]) -> bool:
        """Drop every link to resources that vanished, and what says that a property needs nothing; True if anything changed."""
        if all(self.property_dependencies.values()) and not any(name in gone for name in self.needs()):
            return False
        self.parent = "" if self.parent in gone else self.parent
        self.deleted_with = "" if self.deleted_with in gone else self.deleted_with
        self.dependencies = [name for name in self.dependencies if name not in gone]
        self.replace_with = [name for name in self.replace_with if name not in gone]
        kept = {key: [name for name in names if name not in gone] for key, names in self.property_dependencies.items()}
        self.property_dependencies = {key: names for key, names in kept.items() if names}
        return True

    def to_json(self, seal: Callable[[str], Values]) -> Values:
        """The record's JSON; `seal` decides how secrets look."""
        data: Values = {"urn": self.urn, "custom": self.custom}
        if self.delete:
            data["delete"] = True
        if self.id:
            data["id"] = to_json(self.id, seal)
        data["type"] = self.type
        if self.inputs:
            data["inputs"] = to_json(self.inputs, seal)
        if self.outputs:
            data["outputs"] = to_json(self.outputs, seal)
        for attribute, name in _PLAIN.items():
            value = getattr(self, attribute)
            if value:
                data[name] = value if attribute != "hooks" else {_camel(kind): names for kind, names in value.items()}
        if self.replacement_trigger is not None:
            data["replacementTrigger"] = to_json(self.replacement_trigger, seal)
        return data

    @classmethod
    def from_json(cls, data: Values, unseal: Callable[[Values], str]) -> State:
        state = cls(data["urn"], data["type"], bool(data.get("custom")), data.get("id", ""))
        for name, value in data.items():
            if name in _VALUES:
                setattr(state, _VALUES[name], from_json(value, unseal))
            elif name == "resourceHooks":
                state.hooks = {_snake(kind): names for kind, names in value.items()}
            elif name in _ATTRIBUTES and value:
                setattr(state, _ATTRIBUTES[name], value)
        return state


def _camel(kind: str) -> str:
    """`before_create` as the CLI's files have it: `BeforeCreate`."""
    return "".join(part.capitalize() for part in kind.split("_"))


def _snake(kind: str) -> str:
    """And back; states of earlier versions have it already."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower()


@dataclass(slots=True)
class Pending:
    """An operation that was begun; it is recorded before the provider is called and taken away with the result."""

    kind: str  # creating, updating, deleting, reading, importing
    resource: State
    key: int = 0


def ordered(states: Iterable[State]) -> list[State]:
    """Needed ones first; otherwise the order given (that of their making)."""
    pool = list(states)
    by_urn: dict[str, list[State]] = {}
    for state in pool:
        by_urn.setdefault(state.urn, []).append(state)
    result: list[State] = []
    entered: set[int] = set()
    for start in pool:
        stack = [(start, False)]  # by hand: a chain may be longer than Python's recursion limit
        while stack:
            state, left = stack.pop()
            if left:
                result.append(state)
            elif id(state) not in entered:
                entered.add(id(state))
                stack.append((state, True))
                stack += [(need, False) for name in state.needs() for need in by_urn.get(name, ()) if id(need) not in entered]
    return result
