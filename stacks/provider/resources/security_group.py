"""A Neutron security group. The rules that Neutron adds by itself (all egress) stay."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stacks.provider.base import Inputs, Remote, Resource, marked, unmarked
from stacks.provider.cloud import Cloud


class SecurityGroup(Resource):
    token, service = "xiangyun:network:SecurityGroup", "network"
    required, optional = frozenset({"name", "project"}), {"description": ""}
    replace_on = frozenset({"project"})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return map(_remote, cloud.sdk.network.security_groups())

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        description = marked(want["description"], marker)
        return _remote(cloud.sdk.network.create_security_group(name=want["name"], project_id=want["project"], description=description))

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        description = marked(want["description"], have.marker)
        return _remote(cloud.sdk.network.update_security_group(have.id, name=want["name"], description=description))

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.network.delete_security_group(have.id)


def _remote(found: Any) -> Remote:
    description, marker = unmarked(found.description)
    return Remote(found.id, {"name": found.name, "project": found.project_id, "description": description}, {}, marker)
