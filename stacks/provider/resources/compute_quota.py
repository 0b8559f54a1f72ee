"""A project's quota in Nova. Deleting it goes back to the cloud's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from stacks.provider.quota import ProjectQuota


class ComputeQuota(ProjectQuota):
    """Memory in MiB. The id is the project's; a quota always exists, so it is read by project and set, never made."""

    token, service = "xiangyun:compute:ComputeQuota", "compute"
    limits: ClassVar[Mapping[str, str]] = {"cores": "cores", "memoryMib": "ram", "instances": "instances"}
    required = frozenset({"project", *limits})
