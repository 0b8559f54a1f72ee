"""That an Ironic node is available, once what it needs for that is there: cleaning boots it through its ports."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from openstack import exceptions as api

from stacks.provider.base import Inputs, Remote, Resource
from stacks.provider.cloud import Cloud
from stacks.provider.resources.node import reach, standing


class NodeProvision(Resource):
    """Depends on the node's ports, and belongs to a `Node` without a `state`. Deleting it takes the node back from Nova: it is manageable again."""

    token, service = "xiangyun:baremetal:NodeProvision", "baremetal"
    required = frozenset({"node"})
    replace_on = frozenset({"node"})
    delete_first = True

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        nodes = cloud.as_system().baremetal.nodes(fields=["uuid", "provision_state", "target_provision_state"])
        return (Remote(found.id, {"node": found.id}) for found in nodes if standing(found) == "available")

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        found = reach(cloud.as_system().baremetal, want["node"], "available")
        return Remote(found.id, {"node": found.id})

    def delete(self, cloud: Cloud, have: Remote) -> None:
        with suppress(api.NotFoundException):
            reach(cloud.as_system().baremetal, have.id, "manageable")
