"""A Cinder volume type: which storage serves a volume, and with which properties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from stacks.provider.base import Inputs, Remote
from stacks.provider.cloud import Cloud
from stacks.provider.mapped import Mapped


class VolumeType(Mapped):
    """`access` are the projects that may use one that is not public."""

    token, service, noun = "xiangyun:volume:VolumeType", "block-storage", "type"
    required = frozenset({"name"})
    optional: ClassVar[Mapping[str, Any]] = {"extraSpecs": {}, "public": True, "access": [], "description": ""}
    fields: ClassVar[Mapping[str, str]] = {"name": "name", "public": "is_public", "extraSpecs": "extra_specs"}
    replace_on = frozenset({"public"})
    unordered = frozenset({"access"})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        for found in self.calls(cloud).types(is_public="None"):  # all of them
            access = [] if found.is_public else [one["project_id"] for one in self.calls(cloud).get_type_access(found.id)]
            remote = self.remote(cloud, found)
            yield Remote(remote.id, {**remote.inputs, "access": access}, {}, remote.marker)

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        made = super().create(cloud, want, marker)
        self._give(cloud, made.id, set(), set(want["access"]))
        return Remote(made.id, want, {}, marker)

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        calls = self.calls(cloud)
        calls.update_type(have.id, **self.body(want, have.marker, {"name"}))  # extra specs and access have calls of their own
        if lost := sorted(have.inputs["extraSpecs"].keys() - want["extraSpecs"].keys()):
            calls.delete_type_extra_specs(have.id, lost)
        if want["extraSpecs"]:
            calls.update_type_extra_specs(have.id, **want["extraSpecs"])
        self._give(cloud, have.id, set(have.inputs["access"]), set(want["access"]))
        return Remote(have.id, want, {}, have.marker)

    def _give(self, cloud: Cloud, id_: str, before: set[str], after: set[str]) -> None:
        for project in before - after:
            self.calls(cloud).remove_type_access(id_, project)
        for project in after - before:
            self.calls(cloud).add_type_access(id_, project)
