"""A project's quota in Cinder. Deleting it goes back to the cloud's defaults."""

from __future__ import annotations

from collections.abc import Iterable

from stacks.provider.base import Inputs, Remote, Resource
from stacks.provider.cloud import Cloud

_NAMES = {"sizeGib": "gigabytes", "volumes": "volumes", "snapshots": "snapshots"}


class VolumeQuota(Resource):
    """The id is the project's; a quota always exists, so it is read by project and set, never made."""

    token, service = "xiangyun:volume:VolumeQuota", "block-storage"
    required = frozenset({"project", *_NAMES})
    replace_on = frozenset({"project"})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return ()

    def get(self, cloud: Cloud, id_: str, last: Inputs) -> Remote | None:
        found = cloud.sdk.block_storage.get_quota_set(id_)
        return Remote(id_, {"project": id_, **{ours: getattr(found, theirs) for ours, theirs in _NAMES.items()}})

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        cloud.sdk.block_storage.update_quota_set(want["project"], **{theirs: want[ours] for ours, theirs in _NAMES.items()})
        return Remote(want["project"], want)

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        return self.create(cloud, want, have.marker)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.block_storage.revert_quota_set(have.id)
