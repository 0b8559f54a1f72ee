"""A Manila share: a file system that servers mount over the network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from openstack.exceptions import raise_from_response
from openstack.shared_file_system.v2.share import Share as SdkShare
from openstack.shared_file_system.v2.share_export_locations import ShareExportLocation

from stacks.provider.base import Inputs, NotReadyError, Remote
from stacks.provider.cloud import Cloud, project_of, retry
from stacks.provider.rows import rows
from stacks.provider.shares import Shared


class Share(Shared):
    """`type` by name or id, empty: the cloud's default. `sizeGib` grows and shrinks in place. `network`: of a type whose driver makes servers for shares.

    Made in `project`, empty: the run's own. `exportLocations` are what is mounted, the preferred first.
    """

    token, noun, what = "xiangyun:sharedfilesystem:Share", "share", "share"
    required = frozenset({"name", "protocol", "sizeGib"})
    optional: ClassVar[Mapping[str, Any]] = {
        "type": "",
        "availabilityZone": "",
        "network": "",
        "snapshot": "",
        "metadata": {},
        "public": False,
        "project": "",
        "description": "",
    }
    fields: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "protocol": "share_protocol",
        "sizeGib": "size",
        "type": "share_type",
        "availabilityZone": "availability_zone",
        "network": "share_network_id",
        "snapshot": "snapshot_id",
        "metadata": "metadata",
        "public": "is_public",
    }
    outputs: ClassVar[Mapping[str, str]] = {"typeName": "share_type_name"}
    added = ("exportLocations", "typeName")
    chosen = frozenset({"type", "availabilityZone"})
    replace_on = frozenset({"protocol", "type", "availabilityZone", "network", "snapshot", "project"})
    asked_alone = True

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return (self.remote(cloud, found) for found in rows(SdkShare, self.calls(cloud), base_path="/shares/detail", all_projects=True))

    def get(self, cloud: Cloud, id_: str, last: Inputs) -> Remote | None:
        found = super().get(cloud, id_, last)
        return self._exported(cloud, found) if found else None

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        made = self.calls_of(cloud, want["project"]).create_share(**self.new(cloud, want, marker))
        return self._ready(cloud, made.id, want)

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        calls, body = self.calls(cloud), self.body(want, have.marker, {"name", "public"})
        calls.update_share(have.id, display_name=body["name"], display_description=body["description"], is_public=body["is_public"])
        if have.inputs["metadata"] != want["metadata"]:
            raise_from_response(calls.put(f"/shares/{have.id}/metadata", json={"metadata": want["metadata"]}))  # all of it anew
        if have.inputs["sizeGib"] != want["sizeGib"]:
            calls.resize_share(have.id, want["sizeGib"])
        return self._ready(cloud, have.id, want)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        super().delete(cloud, have)
        self.gone(cloud, have.id, lambda: self.calls(cloud).get_share(have.id))

    def remote(self, cloud: Cloud, found: Any) -> Remote:
        known = super().remote(cloud, found)
        return Remote(known.id, {**known.inputs, "project": project_of(cloud, found)}, known.outputs, known.marker)

    def as_asked(self, remote: Remote, want: Inputs) -> Remote:
        known = super().as_asked(remote, want)
        by_name = {"type": want["type"]} if want.get("type") == known.outputs["typeName"] else {}
        return Remote(known.id, {**known.inputs, **by_name}, known.outputs, known.marker)

    def _exported(self, cloud: Cloud, known: Remote) -> Remote:
        """What its users mount; those for the cloud's own people only are left out."""
        found = retry(lambda: [*rows(ShareExportLocation, self.calls(cloud), share_id=known.id)])
        paths = [str(one.path) for one in sorted(found, key=lambda one: (not one.is_preferred, one.path)) if not one.is_admin]
        return Remote(known.id, known.inputs, {**known.outputs, "exportLocations": paths}, known.marker)

    def _ready(self, cloud: Cloud, id_: str, want: Inputs) -> Remote:
        look = lambda: self.calls(cloud).get_share(id_)  # noqa: E731
        made = self._exported(cloud, self.settled(cloud, id_, look, lambda found: self.as_asked(self.remote(cloud, found), want)))
        if made.inputs["sizeGib"] != want["sizeGib"]:  # storage that holds more than that leaves it available, as it was
            raise NotReadyError(made, self.reason(cloud, id_, f"of {made.inputs['sizeGib']} GiB"))
        return made
