"""A Keystone unified limit's default: what each project may have of a service's resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from stacks.provider.mapped import Mapped


class RegisteredLimit(Mapped):
    """`owner` is the id of the catalog's service, `resource` its word, such as `servers`; the two (and a region) are unique."""

    token, service, noun = "xiangyun:identity:RegisteredLimit", "identity", "registered_limit"
    required, optional = frozenset({"owner", "resource", "default"}), {"region": "", "description": ""}
    fields: ClassVar[Mapping[str, str]] = {"owner": "service_id", "resource": "resource_name", "default": "default_limit", "region": "region_id"}
    replace_on = frozenset({"owner", "resource", "region"})
    delete_first = True
