"""The provider's Pulumi schema, made from the types' own tables: what `pulumi package get-schema` and code generators read."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import cleandoc
from typing import Any

from stacks.provider.base import Resource

ANY = {"$ref": "pulumi.json#/Any"}
CLOUD = {"type": "string", "description": "The cloud's name in clouds.yaml."}


def schema(version: str, types: Mapping[str, Resource]) -> dict[str, Any]:
    """The package's schema (Pulumi's "package schema"). The type of an input is that of its default; a required one has none, and is Any."""
    return {
        "name": "xiangyun",
        "version": version,
        "description": "OpenStack clouds, with what the estate of a province needs of them.",
        "config": {"variables": {"cloud": CLOUD}, "defaults": ["cloud"]},
        "provider": {"inputProperties": {"cloud": CLOUD}, "requiredInputs": ["cloud"]},
        "resources": {token: _resource(kind) for token, kind in sorted(types.items())},
    }


def _resource(kind: Resource) -> dict[str, Any]:
    inputs = {name: _input(kind, name) for name in sorted(kind.names)}
    added = {name: {**ANY, "secret": True} if name in kind.secret else ANY for name in kind.added}
    return {
        "description": cleandoc(type(kind).__doc__ or ""),
        "inputProperties": inputs,
        "requiredInputs": sorted(kind.required),
        "properties": {**inputs, **added},
        "required": sorted({*inputs, *added}),
    }


def _input(kind: Resource, name: str) -> dict[str, Any]:
    default = kind.optional.get(name)
    found: dict[str, Any] = dict(_type(default)) if name in kind.optional else dict(ANY)
    if isinstance(default, (bool, int, float, str)) and default != "":
        found["default"] = default
    if name in kind.replace_on:
        found["willReplaceOnChanges"] = True
    return found


def _type(default: Any) -> Mapping[str, Any]:
    if isinstance(default, bool):
        return {"type": "boolean"}
    if isinstance(default, int):
        return {"type": "integer"}
    if isinstance(default, float):
        return {"type": "number"}
    if isinstance(default, str):
        return {"type": "string"}
    if isinstance(default, (list, tuple)):
        return {"type": "array", "items": ANY}
    return {"type": "object", "additionalProperties": ANY} if isinstance(default, Mapping) else ANY
