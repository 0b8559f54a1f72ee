"""A Keystone project: one unit's share of a cloud."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stacks.provider.base import Inputs, Remote, Resource, marked, unmarked
from stacks.provider.cloud import Cloud


class Project(Resource):
    """Names are unique within a domain."""

    token, service = "xiangyun:identity:Project", "identity"
    required, optional = frozenset({"name", "domain"}), {"description": "", "enabled": True}
    replace_on = frozenset({"domain"})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return map(_remote, cloud.sdk.identity.projects())

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        description = marked(want["description"], marker)
        return _remote(cloud.sdk.identity.create_project(name=want["name"], domain_id=want["domain"], description=description, is_enabled=want["enabled"]))

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        description = marked(want["description"], have.marker)
        return _remote(cloud.sdk.identity.update_project(have.id, name=want["name"], description=description, is_enabled=want["enabled"]))

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.identity.delete_project(have.id)


def _remote(found: Any) -> Remote:
    description, marker = unmarked(found.description)
    return Remote(found.id, {"name": found.name, "domain": found.domain_id, "description": description, "enabled": found.is_enabled}, {}, marker)
