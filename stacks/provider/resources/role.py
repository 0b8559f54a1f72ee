"""A Keystone role. Without a domain it is the cloud's; one of a domain only exists there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from stacks.provider.mapped import Mapped


class Role(Mapped):
    token, service, noun = "xiangyun:identity:Role", "identity", "role"
    required, optional = frozenset({"name"}), {"domain": "", "description": ""}
    fields: ClassVar[Mapping[str, str]] = {"name": "name", "domain": "domain_id"}
    replace_on = frozenset({"domain"})
