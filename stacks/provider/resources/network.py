"""A Neutron network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from stacks.provider.base import Inputs, Remote, Resource, marked, unmarked
from stacks.provider.cloud import Cloud


class Network(Resource):
    """With `physicalNetwork` it is a provider network: `type` flat or vlan (then with `segment`). MTU in bytes, 0: the cloud decides."""

    token, service = "xiangyun:network:Network", "network"
    required = frozenset({"name"})
    optional: ClassVar[Mapping[str, Any]] = {"description": "", "project": "", "type": "", "physicalNetwork": "", "segment": 0, "mtu": 0, "shared": False}
    replace_on = frozenset({"project", "type", "physicalNetwork", "segment"})
    delete_first = True  # one flat network a physical network

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        own = cloud.sdk.current_project_id
        return (_remote(found, own) for found in cloud.sdk.network.networks())

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        wanted: Inputs = {"name": want["name"], "description": marked(want["description"], marker), "is_shared": want["shared"]}
        optional = {
            "project_id": "project",
            "provider_network_type": "type",
            "provider_physical_network": "physicalNetwork",
            "provider_segmentation_id": "segment",
            "mtu": "mtu",
        }
        wanted |= {theirs: want[ours] for theirs, ours in optional.items() if want[ours]}
        return _asked(_remote(cloud.sdk.network.create_network(**wanted), cloud.sdk.current_project_id), want)

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        wanted: Inputs = {"name": want["name"], "description": marked(want["description"], have.marker), "is_shared": want["shared"]}
        if want["mtu"]:
            wanted["mtu"] = want["mtu"]
        return _asked(_remote(cloud.sdk.network.update_network(have.id, **wanted), cloud.sdk.current_project_id), want)

    def get(self, cloud: Cloud, id_: str, last: Inputs) -> Remote | None:
        found = cloud.index(self).get(id_)
        return _asked(found, last) if found else None

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.network.delete_network(have.id)


def _remote(found: Any, own_project: str) -> Remote:
    description, marker = unmarked(found.description)
    inputs = {
        "name": found.name,
        "description": description,
        "project": "" if found.project_id == own_project else found.project_id,
        "type": found.provider_network_type or "",
        "physicalNetwork": found.provider_physical_network or "",
        "segment": found.provider_segmentation_id or 0,
        "mtu": found.mtu or 0,
        "shared": bool(found.is_shared),
    }
    return Remote(found.id, inputs, {}, marker)


def _asked(remote: Remote, want: Inputs) -> Remote:
    """What the cloud chose by itself, because nobody asked for a value, is no difference."""
    chosen: Inputs = {name: want[name] for name in ("type", "physicalNetwork", "segment", "mtu") if not want.get(name) and name in want}
    return Remote(remote.id, {**remote.inputs, **chosen}, remote.outputs, remote.marker)
