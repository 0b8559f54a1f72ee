"""A project's quota in Cinder. Deleting it goes back to the cloud's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from stacks.provider.quota import ProjectQuota


class VolumeQuota(ProjectQuota):
    """The id is the project's; a quota always exists, so it is read by project and set, never made."""

    token, service = "xiangyun:volume:VolumeQuota", "block-storage"
    limits: ClassVar[Mapping[str, str]] = {"sizeGib": "gigabytes", "volumes": "volumes", "snapshots": "snapshots"}
    required = frozenset({"project", *limits})
