"""A Neutron subnet pool: prefixes that subnets are cut from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from stacks.provider.mapped import Mapped


class SubnetPool(Mapped):
    """Lengths are of prefixes; `quota` is a project's share in addresses (IPv4) or /64 (IPv6). Prefixes can be added and not taken away."""

    token, service, noun = "xiangyun:network:SubnetPool", "network", "subnet_pool"
    required = frozenset({"name", "prefixes"})
    optional: ClassVar[Mapping[str, Any]] = {
        "addressScope": "",
        "defaultLength": 0,
        "minLength": 0,
        "maxLength": 0,
        "quota": 0,
        "project": "",
        "shared": False,
        "description": "",
    }
    fields: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "prefixes": "prefixes",
        "addressScope": "address_scope_id",
        "defaultLength": "default_prefix_length",
        "minLength": "minimum_prefix_length",
        "maxLength": "maximum_prefix_length",
        "quota": "default_quota",
        "project": "project_id",
        "shared": "is_shared",
    }
    chosen = frozenset({"project", "defaultLength", "minLength", "maxLength", "quota"})
    replace_on = frozenset({"project", "shared"})
    unordered = frozenset({"prefixes"})
