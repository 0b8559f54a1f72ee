"""A Nova flavor, with the traits that its servers' host must have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from openstack.compute.v2.flavor import Flavor as SdkFlavor

from stacks.provider.base import Inputs, Remote, Resource, marked, unmarked
from stacks.provider.cloud import Cloud
from stacks.provider.rows import rows


class Flavor(Resource):
    """Memory in MiB, disk in GiB. `access` are the projects that may use one that is not public."""

    token, service = "xiangyun:compute:Flavor", "compute"
    asked_alone = True
    required = frozenset({"name", "vcpus", "memoryMib", "diskGib"})
    optional: ClassVar[Mapping[str, Any]] = {"extraSpecs": {}, "public": True, "access": [], "description": ""}
    replace_on = frozenset({"name", "vcpus", "memoryMib", "diskGib", "public"})
    unordered = frozenset({"access"})
    delete_first = True

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        """Without the projects of those that are not public, which cost a request each: `get` asks for one that the state knows."""
        for found in rows(SdkFlavor, cloud.sdk.compute):
            specs = found.extra_specs
            if specs is None:  # a Nova before 2.61 gives them one by one
                specs = cloud.sdk.compute.fetch_flavor_extra_specs(found.id).extra_specs
            yield _remote(found, specs)

    def get(self, cloud: Cloud, id_: str, last: Inputs) -> Remote | None:
        found = super().get(cloud, id_, last)
        if found is None or found.inputs["public"]:
            return found
        return Remote(id_, {**found.inputs, "access": _access(cloud, id_)}, {}, found.marker)

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        made = cloud.sdk.compute.create_flavor(
            name=want["name"],
            vcpus=want["vcpus"],
            ram=want["memoryMib"],
            disk=want["diskGib"],
            is_public=want["public"],
            description=marked(want["description"], marker),
        )
        return self.update(cloud, _remote(made, {}), want)

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        compute = cloud.sdk.compute
        specs = have.inputs["extraSpecs"]
        for name in specs.keys() - want["extraSpecs"].keys():
            compute.delete_flavor_extra_specs_property(have.id, name)
        if fresh := {name: value for name, value in want["extraSpecs"].items() if specs.get(name) != value}:
            compute.create_flavor_extra_specs(have.id, fresh)
        access = set() if want["public"] else set(_access(cloud, have.id))
        for project in access - set(want["access"]):
            compute.flavor_remove_tenant_access(have.id, project)
        for project in set(want["access"]) - access:
            compute.flavor_add_tenant_access(have.id, project)
        if have.inputs["description"] != want["description"]:
            compute.update_flavor(have.id, description=marked(want["description"], have.marker))
        return Remote(have.id, want, {}, have.marker)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.compute.delete_flavor(have.id)


def _access(cloud: Cloud, id_: str) -> list[str]:
    return [item["tenant_id"] for item in cloud.sdk.compute.get_flavor_access(id_)]


def _remote(found: Any, specs: Inputs) -> Remote:
    description, marker = unmarked(found.description)
    sizes = {"vcpus": found.vcpus, "memoryMib": found.ram, "diskGib": found.disk}
    inputs = {"name": found.name, **sizes, "extraSpecs": dict(specs), "public": found.is_public, "access": [], "description": description}
    return Remote(found.id, inputs, {}, marker)
