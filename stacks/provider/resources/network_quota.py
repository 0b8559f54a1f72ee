"""A project's quota in Neutron. Deleting it goes back to the cloud's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from stacks.provider.quota import ProjectQuota


class NetworkQuota(ProjectQuota):
    """The id is the project's; a quota always exists, so it is read by project and set, never made."""

    token, service = "xiangyun:network:NetworkQuota", "network"
    limits: ClassVar[Mapping[str, str]] = {"networks": "networks", "ports": "ports"}
    required = frozenset({"project", *limits})
    read, write, reset = "get_quota", "update_quota", "delete_quota"
