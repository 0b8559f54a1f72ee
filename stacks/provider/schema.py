"""The provider's types in the form that the Pulumi CLI asks for (Pulumi package schema), and as a page for people.

`python -m stacks.provider.schema` writes docs/reference/cloud-types.md.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from inspect import getdoc, getmodule
from pathlib import Path
from typing import Any

from stacks.provider.base import Resource
from stacks.provider.resources import TYPES

_WORDS = {str: "string", bool: "boolean", int: "integer", float: "number"}
_ANY = {"$ref": "pulumi.json#/Any"}

HEAD = """# Types of the cloud provider

<!-- Made by `python -m stacks.provider.schema`; do not edit. -->

A program writes `Network("lan", name="lan", mtu=1500)` with the classes of `stacks.components.resources`; the Pulumi CLI finds the same types
through `pulumi-resource-xiangyun`. Every type is listed once a run and read back by `refresh` and `drift`. An object carries a marker in the
request that makes it, so that a create whose answer was lost is found again. All of these are made, read back, changed and taken away on a real
OpenStack by the tests.

Inputs in bold must be given; the others have the default in brackets. ↻: a change of it replaces the object; 🔒: a secret; ✗: the API does not
give it back, so a change elsewhere is not seen; ☁: where it is not given, the cloud chooses, or leaves it as it is.
*Out*: what the cloud adds. *First*: the old object is deleted before the new one is made.
"""


def schema(version: str) -> str:
    """Pulumi's package schema, JSON."""
    kinds = {token: _entry(kind) for token, kind in TYPES.items()}
    config = {"variables": {"cloud": {"type": "string", "description": "The entry of clouds.yaml."}}}
    provider = {"inputProperties": config["variables"], "requiredInputs": ["cloud"]}
    return json.dumps({"name": "xiangyun", "version": version, "config": config, "provider": provider, "resources": kinds})


def _entry(kind: Resource) -> dict[str, Any]:
    inputs = {
        name: {
            **_type(kind, name),
            **({"willReplaceOnChanges": True} if name in kind.replace_on else {}),
            **({"secret": True} if name in kind.secret else {}),
        }
        for name in sorted(kind.names)
    }
    added = {name: {"type": "string", **({"secret": True} if name in kind.secret else {})} for name in kind.added}
    return {
        "description": getdoc(kind) if "__doc__" in vars(type(kind)) else _title(kind),
        "inputProperties": inputs,
        "requiredInputs": sorted(kind.required),
        "properties": {**inputs, **added},
        "required": sorted(kind.required),
    }


def _type(kind: Resource, name: str) -> dict[str, Any]:
    """By the input's default; what has none may be anything."""
    default = kind.optional.get(name)
    if isinstance(default, list):
        return {"type": "array", "items": _ANY}
    if isinstance(default, dict):
        return {"type": "object", "additionalProperties": _ANY}
    word = _WORDS.get(type(default))
    return {"type": word} if word else dict(_ANY)


def _title(kind: Resource) -> str:
    return (getmodule(kind).__doc__ or "").strip()


def page() -> str:
    return (HEAD + "\n".join(_services())).rstrip() + "\n"


def _services() -> Iterator[str]:
    services: dict[str, list[Resource]] = defaultdict(list)
    for token, kind in sorted(TYPES.items()):
        services[token.split(":")[1]].append(kind)
    for service, kinds in services.items():
        yield f"\n## {service}\n"
        for kind in kinds:
            name = kind.token.rpartition(":")[2]
            text = " ".join((getdoc(kind) or "").split()) if type(kind).__doc__ else ""
            yield f"**{name}**: {_title(kind)} {text}".rstrip()
            yield ""
            yield f"- {', '.join(_input(kind, one) for one in [*sorted(kind.required), *kind.optional])}"
            if kind.added:
                yield "- *Out*: " + ", ".join(f"`{one}`" + (" 🔒" if one in kind.secret else "") for one in kind.added)
            if kind.delete_first:
                yield "- *First*"
            yield ""


def _input(kind: Resource, name: str) -> str:
    shown = f"**`{name}`**" if name in kind.required else f"`{name}` ({json.dumps(kind.optional[name])})"
    sets = {"↻": kind.replace_on, "🔒": kind.secret, "✗": kind.unreadable, "☁": kind.chosen}
    return " ".join([shown, *(mark for mark, names in sets.items() if name in names)])


def main() -> None:
    (Path(__file__).parents[2] / "docs" / "reference" / "cloud-types.md").write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
