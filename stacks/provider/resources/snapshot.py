"""A Cinder snapshot: a volume as it was at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from stacks.provider.base import Inputs, Remote
from stacks.provider.cloud import Cloud
from stacks.provider.mapped import Mapped
from stacks.provider.resources.volume import GONE_LIMIT_S, MADE_LIMIT_S
from stacks.provider.waiting import gone, settled


class Snapshot(Mapped):
    """In the project of the run. `force`: also while a server uses the volume."""

    token, service, noun = "xiangyun:volume:Snapshot", "block-storage", "snapshot"
    required, optional = frozenset({"name", "volume"}), {"force": False, "description": ""}
    fields: ClassVar[Mapping[str, str]] = {"name": "name", "volume": "volume_id"}
    replace_on = frozenset({"volume", "force"})
    unreadable = frozenset({"force"})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return (self.remote(cloud, found) for found in self.calls(cloud).snapshots(all_projects=True))

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        made = self.calls(cloud).create_snapshot(is_forced=want["force"], **self.body(want, marker, self.names))
        return settled(
            lambda: self.calls(cloud).get_snapshot(made.id),
            lambda found: self.remote(cloud, found),
            ("available",),
            MADE_LIMIT_S,
            lambda found: f"Cinder could not make it (snapshot {made.id})" if found.status == "error" else "",
        )

    def delete(self, cloud: Cloud, have: Remote) -> None:
        super().delete(cloud, have)
        gone(lambda: self.calls(cloud).get_snapshot(have.id), f"the snapshot {have.id}", GONE_LIMIT_S)
