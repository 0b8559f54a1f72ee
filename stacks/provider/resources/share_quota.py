"""A project's quota in Manila. Deleting it goes back to the cloud's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from stacks.provider.cloud import Cloud
from stacks.provider.quota import ProjectQuota
from stacks.provider.shares import of_version


class ShareQuota(ProjectQuota):
    """The id is the project's; a quota always exists, so it is read by project and set, never made."""

    token, service = "xiangyun:sharedfilesystem:ShareQuota", "shared-file-system"
    limits: ClassVar[Mapping[str, str]] = {"shares": "shares", "sizeGib": "gigabytes", "snapshots": "snapshots", "networks": "share_networks"}
    required = frozenset({"project", *limits})

    def calls(self, cloud: Cloud) -> Any:
        return of_version(cloud.sdk)
