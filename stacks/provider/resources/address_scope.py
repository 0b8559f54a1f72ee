"""A Neutron address scope: subnet pools in it do not overlap, and a router routes between them without NAT."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from stacks.provider.mapped import Mapped


class AddressScope(Mapped):
    """The API has no description: one of a project's is found again by its name and version."""

    token, service, noun = "xiangyun:network:AddressScope", "network", "address_scope"
    required, optional = frozenset({"name", "ipVersion"}), {"project": "", "shared": False}
    fields: ClassVar[Mapping[str, str]] = {"name": "name", "ipVersion": "ip_version", "project": "project_id", "shared": "is_shared"}
    chosen = frozenset({"project"})
    replace_on = frozenset({"name", "ipVersion", "project"})
    unique = True
