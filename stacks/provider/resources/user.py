"""A Keystone user."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from stacks.provider.base import Inputs
from stacks.provider.mapped import Mapped


class User(Mapped):
    """Names are unique within a domain. The password is set when it changes here; Keystone never shows it, so a change of it elsewhere is not seen."""

    token, service, noun = "xiangyun:identity:User", "identity", "user"
    required = frozenset({"name", "domain"})
    optional: ClassVar[Mapping[str, Any]] = {"password": "", "enabled": True, "email": "", "defaultProject": "", "description": ""}
    fields: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "domain": "domain_id",
        "enabled": "is_enabled",
        "email": "email",
        "defaultProject": "default_project_id",
    }
    replace_on = frozenset({"domain"})
    unreadable = secret = frozenset({"password"})

    def body(self, want: Inputs, marker: str, names: Iterable[str]) -> Inputs:
        body = super().body(want, marker, names)
        return {**body, "password": want["password"]} if want["password"] else body
