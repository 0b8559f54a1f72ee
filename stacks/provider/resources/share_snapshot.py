"""A Manila snapshot: a share as it was at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from openstack.shared_file_system.v2.share_snapshot import ShareSnapshot as SdkShareSnapshot

from stacks.provider.base import Inputs, Remote
from stacks.provider.cloud import Cloud
from stacks.provider.rows import rows
from stacks.provider.shares import Shared


class ShareSnapshot(Shared):
    """In the project of the run. Of a share whose type has the extra spec snapshot_support."""

    token, noun, what = "xiangyun:sharedfilesystem:ShareSnapshot", "share_snapshot", "snapshot"
    required = frozenset({"name", "share"})
    optional: ClassVar[Mapping[str, Any]] = {"description": ""}
    fields: ClassVar[Mapping[str, str]] = {"name": "name", "share": "share_id"}
    replace_on = frozenset({"share"})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return (self.remote(cloud, found) for found in rows(SdkShareSnapshot, self.calls(cloud), base_path="/snapshots/detail?all_tenants=1"))

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        made = self.calls(cloud).create_share_snapshot(**self.new(cloud, want, marker))
        return self.settled(cloud, made.id, lambda: self.calls(cloud).get_share_snapshot(made.id), lambda found: self.remote(cloud, found))

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        body = self.body(want, have.marker, {"name"})
        changed = self.calls(cloud).update_share_snapshot(have.id, display_name=body["name"], display_description=body["description"])
        return self.remote(cloud, changed)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        super().delete(cloud, have)
        self.gone(cloud, have.id, lambda: self.calls(cloud).get_share_snapshot(have.id))
