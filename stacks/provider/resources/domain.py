"""A Keystone domain: the name space of one owner's projects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stacks.provider.base import Inputs, Remote, Resource, marked, unmarked
from stacks.provider.cloud import Cloud


class Domain(Resource):
    """Deleting one disables it first, as Keystone demands."""

    token, service = "xiangyun:identity:Domain", "identity"
    required, optional = frozenset({"name"}), {"description": ""}

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return map(_remote, cloud.sdk.identity.domains())

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        return _remote(cloud.sdk.identity.create_domain(name=want["name"], description=marked(want["description"], marker)))

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        return _remote(cloud.sdk.identity.update_domain(have.id, name=want["name"], description=marked(want["description"], have.marker)))

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.identity.update_domain(have.id, is_enabled=False)
        cloud.sdk.identity.delete_domain(have.id)


def _remote(found: Any) -> Remote:
    description, marker = unmarked(found.description)
    return Remote(found.id, {"name": found.name, "description": description}, {}, marker)
