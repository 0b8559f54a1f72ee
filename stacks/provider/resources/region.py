"""A Keystone region: a name under which the catalog lists endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from stacks.provider.base import Inputs
from stacks.provider.mapped import Mapped


class Region(Mapped):
    """`name` is its id in the API, so it is unique."""

    token, service, noun = "xiangyun:identity:Region", "identity", "region"
    required, optional = frozenset({"name"}), {"parent": "", "description": ""}
    fields: ClassVar[Mapping[str, str]] = {"name": "id", "parent": "parent_region_id"}
    replace_on = frozenset({"name"})
    delete_first = True

    def body(self, want: Inputs, marker: str, names: Iterable[str]) -> Inputs:
        return {name: value for name, value in super().body(want, marker, names).items() if value is not None}
