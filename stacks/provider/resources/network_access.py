"""The right of one project to use another's network (Neutron's RBAC policy), narrower than sharing it with all."""

from __future__ import annotations

from collections.abc import Iterable

from stacks.provider.base import Inputs, Remote, Resource
from stacks.provider.cloud import Cloud


class NetworkAccess(Resource):
    """Network and project together are unique: the marker is found from them, since the API has no field to carry one."""

    token, service = "xiangyun:network:NetworkAccess", "network"
    required = frozenset({"network", "project"})
    replace_on = frozenset({"network", "project"})
    unique = True

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        for found in cloud.sdk.network.rbac_policies(object_type="network", action="access_as_shared"):
            inputs = {"network": found.object_id, "project": found.target_project_id}
            yield Remote(found.id, inputs, {}, self.marker("", inputs))

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        made = cloud.sdk.network.create_rbac_policy(
            object_type="network", action="access_as_shared", object_id=want["network"], target_project_id=want["project"]
        )
        return Remote(made.id, want, {}, marker)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.network.delete_rbac_policy(have.id)
