"""A Neutron trunk: a port that carries several networks by VLAN."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from stacks.provider.base import Inputs, Remote
from stacks.provider.cloud import Cloud
from stacks.provider.mapped import Mapped


class Trunk(Mapped):
    """`subports`: mappings of `port` and `segment` (the VLAN)."""

    token, service, noun = "xiangyun:network:Trunk", "network", "trunk"
    required, optional = frozenset({"name", "port"}), {"subports": [], "project": "", "description": ""}
    fields: ClassVar[Mapping[str, str]] = {"name": "name", "port": "port_id", "project": "project_id"}
    chosen = frozenset({"project"})
    replace_on = frozenset({"port", "project"})
    unordered = frozenset({"subports"})
    delete_first = True  # a port carries one trunk

    def body(self, want: Inputs, marker: str, names: Iterable[str]) -> Inputs:
        body = super().body(want, marker, names)
        return {**body, "sub_ports": [_wire(sub) for sub in want["subports"]]} if "port" in names else body

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        network = cloud.sdk.network
        before, after = have.inputs["subports"], want["subports"]
        if gone := [{"port_id": sub["port"]} for sub in before if sub not in after]:
            network.delete_trunk_subports(have.id, gone)
        if fresh := [_wire(sub) for sub in after if sub not in before]:
            network.add_trunk_subports(have.id, fresh)
        known = super().update(cloud, have, want)
        return Remote(known.id, {**known.inputs, "subports": after}, known.outputs, known.marker)

    def remote(self, cloud: Cloud, found: Any) -> Remote:
        known = super().remote(cloud, found)
        subports = [{"port": sub["port_id"], "segment": sub["segmentation_id"]} for sub in found.sub_ports or []]
        return Remote(known.id, {**known.inputs, "subports": subports}, known.outputs, known.marker)


def _wire(sub: Inputs) -> Inputs:
    return {"port_id": sub["port"], "segmentation_type": "vlan", "segmentation_id": sub["segment"]}
