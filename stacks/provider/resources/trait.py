"""A custom trait in Placement: a word that hosts can carry and flavors can require."""

from __future__ import annotations

from collections.abc import Iterable

from openstack import exceptions as api

from stacks.provider.base import Inputs, Remote, Resource
from stacks.provider.cloud import Cloud


class Trait(Resource):
    """The name is the id; making one that exists is no error. One that something else still carries stays when it is deleted here."""

    token, service = "xiangyun:placement:Trait", "placement"
    required = frozenset({"name"})
    replace_on = frozenset({"name"})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        for found in cloud.sdk.placement.traits(name="startswith:CUSTOM_"):
            yield Remote(found.name, {"name": found.name})

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        cloud.sdk.placement.create_trait(want["name"])
        return Remote(want["name"], want)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        try:
            cloud.sdk.placement.delete_trait(have.id)
        except api.ConflictException:
            return  # in use by somebody else's provider
