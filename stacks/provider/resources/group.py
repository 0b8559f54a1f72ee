"""A Keystone group: users that are given roles together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from stacks.provider.mapped import Mapped


class Group(Mapped):
    token, service, noun = "xiangyun:identity:Group", "identity", "group"
    required, optional = frozenset({"name", "domain"}), {"description": ""}
    fields: ClassVar[Mapping[str, str]] = {"name": "name", "domain": "domain_id"}
    replace_on = frozenset({"domain"})
