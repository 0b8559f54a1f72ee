"""A Nova server group: servers that are to stand on one host, or on different ones."""

from __future__ import annotations

from collections.abc import Iterable

from stacks.provider.base import Inputs, Remote, Resource
from stacks.provider.cloud import Cloud, project_of


class ServerGroup(Resource):
    """`policy`: affinity, anti-affinity, soft-affinity or soft-anti-affinity. The API has no description: a project's is found again by name and policy."""

    token, service = "xiangyun:compute:ServerGroup", "compute"
    required, optional = frozenset({"name", "policy"}), {"project": ""}
    replace_on = frozenset({"name", "policy", "project"})
    unique = True

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        for found in cloud.sdk.compute.server_groups(all_projects=True):
            inputs = {"name": found.name, "policy": found.policy, "project": project_of(cloud, found)}
            yield Remote(found.id, inputs, {}, self.marker("", inputs))

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        sdk = cloud.as_project(want["project"]) if want["project"] else cloud.sdk
        made = sdk.compute.create_server_group(name=want["name"], policy=want["policy"])
        return Remote(made.id, want, {}, marker)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.compute.delete_server_group(have.id)
