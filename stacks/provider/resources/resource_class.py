"""A custom resource class in Placement: what hosts have and flavors ask for, besides processors, memory and disk (an NPU, a licence)."""

from __future__ import annotations

from collections.abc import Iterable

from openstack import exceptions as api

from stacks.provider.base import Inputs, Remote, Resource
from stacks.provider.cloud import Cloud


class ResourceClass(Resource):
    """The name is the id; making one that exists is no error. One that something else still has stays when it is deleted here."""

    token, service = "xiangyun:placement:ResourceClass", "placement"
    required = frozenset({"name"})
    replace_on = frozenset({"name"})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return (Remote(found.name, {"name": found.name}) for found in cloud.sdk.placement.resource_classes() if found.name.startswith("CUSTOM_"))

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        api.raise_from_response(cloud.sdk.placement.put(f"/resource_classes/{want['name']}", microversion="1.7"))  # the first that makes it
        return Remote(want["name"], want)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        try:
            cloud.sdk.placement.delete_resource_class(have.id)
        except api.ConflictException:
            return  # in use by somebody else's provider
