"""A Keystone domain: the name space of one owner's projects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from stacks.provider.base import Remote
from stacks.provider.cloud import Cloud
from stacks.provider.mapped import Mapped


class Domain(Mapped):
    """Deleting one disables it first, as Keystone demands."""

    token, service, noun = "xiangyun:identity:Domain", "identity", "domain"
    required, optional = frozenset({"name"}), {"description": ""}
    fields: ClassVar[Mapping[str, str]] = {"name": "name"}

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.identity.update_domain(have.id, is_enabled=False)
        super().delete(cloud, have)
