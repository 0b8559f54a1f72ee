"""A Cinder volume: a disk that outlives servers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from stacks.provider.base import Inputs, Remote
from stacks.provider.cloud import Cloud, project_of
from stacks.provider.mapped import Mapped
from stacks.provider.waiting import gone, settled

MADE_LIMIT_S = 600
GONE_LIMIT_S = 300


class Volume(Mapped):
    """`sizeGib` grows in place and does not shrink: Cinder refuses, and replacing it would lose what is on it. Made in `project`, empty: the run's own."""

    token, service, noun = "xiangyun:volume:Volume", "block-storage", "volume"
    required = frozenset({"name", "sizeGib"})
    optional: ClassVar[Mapping[str, Any]] = {"type": "", "image": "", "snapshot": "", "zone": "", "project": "", "description": ""}
    fields: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "sizeGib": "size",
        "type": "volume_type",
        "image": "image_id",
        "snapshot": "snapshot_id",
        "zone": "availability_zone",
    }
    chosen = frozenset({"type", "zone"})
    replace_on = frozenset({"type", "image", "snapshot", "zone", "project"})
    unreadable = frozenset({"image"})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return (self.remote(cloud, found) for found in self.calls(cloud).volumes(all_projects=True))

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        sdk = cloud.as_project(want["project"]) if want["project"] else cloud.sdk
        made = sdk.block_storage.create_volume(**self.body(want, marker, self.names))
        return self._settled(cloud, made.id, want)

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        body = self.body(want, have.marker, {"name"})
        self.calls(cloud).update_volume(have.id, **body)
        if have.inputs["sizeGib"] != want["sizeGib"]:
            self.calls(cloud).extend_volume(have.id, want["sizeGib"])
        return self._settled(cloud, have.id, want)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        self.calls(cloud).delete_volume(have.id)
        gone(lambda: self.calls(cloud).get_volume(have.id), f"the volume {have.id}", GONE_LIMIT_S)

    def remote(self, cloud: Cloud, found: Any) -> Remote:
        known = super().remote(cloud, found)
        return Remote(known.id, {**known.inputs, "project": project_of(cloud, found)}, known.outputs, known.marker)

    def _settled(self, cloud: Cloud, id_: str, want: Inputs) -> Remote:
        return settled(
            lambda: self.calls(cloud).get_volume(id_),
            lambda found: self.as_asked(self.remote(cloud, found), want),
            ("available", "in-use"),
            MADE_LIMIT_S,
            lambda found: f"Cinder could not make it so: {found.status} (volume {id_})" if found.status.startswith("error") else "",
        )
