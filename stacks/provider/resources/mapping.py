"""The rules by which what an identity provider says of a user becomes a user, groups and projects of Keystone."""

from __future__ import annotations

from collections import abc
from typing import ClassVar

from stacks.provider.mapped import Mapped


class Mapping(Mapped):
    """`name` is its id in the API, so it is unique; `rules` as Keystone's documentation of federation mappings writes them."""

    token, service, noun = "xiangyun:identity:Mapping", "identity", "mapping"
    required = frozenset({"name", "rules"})
    fields: ClassVar[abc.Mapping[str, str]] = {"name": "id", "rules": "rules"}
    replace_on = frozenset({"name"})
    unique = True
    delete_first = True
