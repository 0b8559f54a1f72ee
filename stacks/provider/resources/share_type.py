"""A Manila share type: which storage serves a share, and with which properties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from openstack.exceptions import raise_from_response

from stacks.provider.base import Inputs, Remote, Wrong
from stacks.provider.cloud import Cloud
from stacks.provider.shares import Shared

DHSS = "driver_handles_share_servers"


class ShareType(Shared):
    """`dhss`: the driver handles share servers, one for each share network. `access` are the projects that may use one that is not public."""

    token, noun, what = "xiangyun:sharedfilesystem:ShareType", "share_type", "share type"
    required = frozenset({"name", "dhss"})
    optional: ClassVar[Mapping[str, Any]] = {"extraSpecs": {}, "public": True, "access": [], "description": ""}
    fields: ClassVar[Mapping[str, str]] = {"name": "name", "public": "is_public", "extraSpecs": "extra_specs"}
    replace_on = frozenset({"dhss"})
    unordered = frozenset({"access"})
    delete_first = True  # a name is there once

    def check(self, given: Mapping[str, Any]) -> Wrong:
        specs = given.get("extraSpecs")
        twice = isinstance(specs, dict) and DHSS in specs
        return super().check(given) + ([("extraSpecs", f"{DHSS} is said by dhss")] if twice else [])

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        for found in self.calls(cloud).share_types(is_public="all"):
            known = self.remote(cloud, found)
            yield Remote(known.id, {**known.inputs, "access": [] if found.is_public else self._access(cloud, found.id)}, {}, known.marker)

    def new(self, cloud: Cloud, want: Inputs, marker: str) -> Inputs:
        body = super().new(cloud, want, marker)
        return {**body, "extra_specs": {**body["extra_specs"], DHSS: str(want["dhss"])}}

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        made = super().create(cloud, want, marker)
        self._give(cloud, made.id, set(), set(want["access"]))
        return Remote(made.id, want, {}, marker)

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        calls = self.calls(cloud)
        calls.update_share_type(have.id, **self.body(want, have.marker, {"name", "public"}))  # extra specs and access have calls of their own
        for key in sorted(have.inputs["extraSpecs"].keys() - want["extraSpecs"].keys()):
            calls.delete_share_type_extra_spec_property(have.id, key)
        if want["extraSpecs"]:
            calls.update_share_type_extra_specs(have.id, **want["extraSpecs"])
        self._give(cloud, have.id, set(have.inputs["access"]), set(want["access"]))
        return Remote(have.id, want, {}, have.marker)

    def remote(self, cloud: Cloud, found: Any) -> Remote:
        known = super().remote(cloud, found)
        specs = {key: value for key, value in known.inputs["extraSpecs"].items() if key != DHSS}
        dhss = str(found.extra_specs.get(DHSS)).lower() == "true"
        return Remote(known.id, {**known.inputs, "dhss": dhss, "extraSpecs": specs, "access": []}, {}, known.marker)

    def _access(self, cloud: Cloud, id_: str) -> Sequence[str]:
        answer = self.calls(cloud).get(f"/types/{id_}/share_type_access")
        raise_from_response(answer)
        return sorted(one["project_id"] for one in answer.json()["share_type_access"])

    def _give(self, cloud: Cloud, id_: str, before: set[str], after: set[str]) -> None:
        acts = [("removeProjectAccess", project) for project in sorted(before - after)] + [("addProjectAccess", project) for project in sorted(after - before)]
        for act, project in acts:
            raise_from_response(self.calls(cloud).post(f"/types/{id_}/action", json={act: {"project": project}}))
