"""URNs: `urn:pulumi:STACK::PROJECT::PARENT-TYPES$TYPE::NAME`, and what an alias stands for."""

from __future__ import annotations

from collections.abc import Iterator

from pulumi.runtime.proto import alias_pb2

ROOT_TYPE = "pulumi:pulumi:Stack"
PROVIDER_PREFIX = "pulumi:providers:"
REFERENCE_TYPE = "pulumi:pulumi:StackReference"


def make(stack: str, project: str, parent: str, type_: str, name: str) -> str:
    """The URN of a resource; the root stack's type is not part of a chain."""
    chain = qualified_type(parent) if parent else ""
    prefix = f"{chain}$" if chain and chain != ROOT_TYPE else ""
    return f"urn:pulumi:{stack}::{project}::{prefix}{type_}::{name}"


def qualified_type(urn: str) -> str:
    """Types from the outermost parent to the resource, joined with `$`."""
    return urn.split("::", 3)[2]


def type_of(urn: str) -> str:
    return qualified_type(urn).rsplit("$", 1)[-1]


def name_of(urn: str) -> str:
    return urn.split("::", 3)[3]


def stack_of(urn: str) -> tuple[str, str]:
    """(stack, project)"""
    head, project, _ = urn.split("::", 2)
    return head.removeprefix("urn:pulumi:"), project


def package_of(type_: str) -> str:
    """The package that serves a type; of `pulumi:providers:aws` it is `aws`."""
    return type_.removeprefix(PROVIDER_PREFIX) if type_.startswith(PROVIDER_PREFIX) else type_.split(":", 1)[0]


def is_provider(type_: str) -> bool:
    return type_.startswith(PROVIDER_PREFIX)


def is_default_provider(urn: str) -> bool:
    return is_provider(type_of(urn)) and name_of(urn).startswith("default") and "$" not in qualified_type(urn)


def parse_provider(ref: str) -> tuple[str, str]:
    """(URN, id) of a provider reference `URN::ID`."""
    urn, _, id_ = ref.rpartition("::")
    return urn, id_


def _inherited(child_type: str, child_name: str, parent_name: str, parent_alias: str) -> str:
    """A child's old URN under its parent's old one; a name that began with the parent's follows it."""
    name = name_of(parent_alias) + child_name[len(parent_name) :] if child_name.startswith(parent_name) else child_name
    stack, project = stack_of(parent_alias)
    return make(stack, project, parent_alias, child_type, name)


def alias_urns(urn: str, parent: str, aliases: list[alias_pb2.Alias], parent_alias: str | None) -> Iterator[str]:
    """Every URN that the resource may have had before: its own aliases, multiplied by what its parent was called (`parent_alias`)."""
    own = [alias.urn if alias.HasField("urn") else _of_spec(urn, parent, alias.spec) for alias in aliases]
    yield from own
    if parent_alias:
        for candidate in (urn, *own):
            yield _inherited(type_of(candidate), name_of(candidate), name_of(parent), parent_alias)


def _of_spec(urn: str, parent: str, spec: alias_pb2.Alias.Spec) -> str:
    stack, project = stack_of(urn)
    above = "" if spec.noParent else spec.parentUrn or parent
    return make(spec.stack or stack, spec.project or project, above, spec.type or type_of(urn), spec.name or name_of(urn))
