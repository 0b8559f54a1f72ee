"""What the program wants of one resource, as the SDK asked for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from pulumi.runtime.proto import alias_pb2, resource_pb2

from stacks.engine.values import Values, from_struct, from_wire

_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)")
HOOKS = ("before_create", "after_create", "before_update", "after_update", "before_delete", "after_delete")


@dataclass(slots=True)
class Goal:
    """One registration. `None` in protect, retain_on_delete and delete_before_replace means that the program did not say."""

    type: str
    name: str
    custom: bool
    parent: str = ""
    inputs: Values = field(default_factory=dict)
    dependencies: list[str] = field(default_factory=list)
    property_dependencies: dict[str, list[str]] = field(default_factory=dict)
    provider: str = ""
    providers: dict[str, str] = field(default_factory=dict)
    protect: bool | None = None
    retain_on_delete: bool | None = None
    delete_before_replace: bool | None = None
    deleted_with: str = ""
    ignore_changes: list[str] = field(default_factory=list)
    replace_on_changes: list[str] = field(default_factory=list)
    replace_with: list[str] = field(default_factory=list)
    replacement_trigger: Any = None
    additional_secret_outputs: list[str] = field(default_factory=list)
    aliases: list[alias_pb2.Alias] = field(default_factory=list)
    import_id: str = ""
    timeouts: dict[str, float] = field(default_factory=dict)
    hide_diffs: list[str] = field(default_factory=list)
    hooks: dict[str, list[str]] = field(default_factory=dict)

    def needs(self) -> set[str]:
        names = {self.parent, self.deleted_with, *self.dependencies, *self.replace_with}
        for urns in self.property_dependencies.values():
            names.update(urns)
        if self.provider:
            names.add(self.provider.rpartition("::")[0])
        names.discard("")
        return names


def from_request(request: resource_pb2.RegisterResourceRequest) -> Goal:
    aliases = list(request.aliases) + [alias_pb2.Alias(urn=urn) for urn in request.aliasURNs]
    return Goal(
        type=request.type,
        name=request.name,
        custom=request.custom,
        parent=request.parent,
        inputs=from_struct(request.object),
        dependencies=sorted(request.dependencies),
        property_dependencies={key: sorted(request.propertyDependencies[key].urns) for key in sorted(request.propertyDependencies)},
        provider=request.provider,
        providers=dict(request.providers),
        protect=request.protect if request.HasField("protect") else None,
        retain_on_delete=request.retainOnDelete if request.HasField("retainOnDelete") else None,
        delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
        deleted_with=request.deletedWith,
        ignore_changes=list(request.ignoreChanges),
        replace_on_changes=list(request.replaceOnChanges),
        replace_with=sorted(request.replace_with),
        replacement_trigger=from_wire(request.replacement_trigger) if request.HasField("replacement_trigger") else None,
        additional_secret_outputs=list(request.additionalSecretOutputs),
        aliases=aliases,
        import_id=request.importId,
        timeouts=timeouts(request.customTimeouts) if request.HasField("customTimeouts") else {},
        hide_diffs=list(request.hideDiffs),
        hooks=hooks(request.hooks) if request.HasField("hooks") else {},
    )


def hooks(binding: resource_pb2.RegisterResourceRequest.ResourceHooksBinding) -> dict[str, list[str]]:
    return {name: list(getattr(binding, name)) for name in HOOKS if getattr(binding, name)}


def timeouts(message: resource_pb2.RegisterResourceRequest.CustomTimeouts) -> dict[str, float]:
    """Timeouts in seconds, by operation."""
    texts = {name: getattr(message, name) for name in ("create", "update", "delete", "read")}
    return {name: seconds(text) for name, text in texts.items() if text}


def seconds(text: str) -> float:
    """Seconds of a duration in Go's writing, such as `1h30m` or `90s`; ValueError for anything else."""
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"invalid duration {text!r}: write it like 5m or 1h30m")
    return sum(float(number) * _UNITS[unit] for number, unit in parts)
