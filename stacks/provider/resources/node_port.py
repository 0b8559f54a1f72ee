"""A network port of an Ironic node: the address of its card, and where that is plugged in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from openstack.baremetal.v1.port import Port as SdkPort

from stacks.provider.baremetal import Metal
from stacks.provider.base import Inputs, Remote
from stacks.provider.cloud import Cloud

_WIRING = ("portGroup", "pxeEnabled", "localLink", "physicalNetwork")


class NodePort(Metal):
    """In programs `NodePort`. `localLink`: switch_id, port_id and switch_info.

    How the port of a node that is available is wired Ironic changes in maintenance only: the node is in it meanwhile.
    """

    token, noun, sdk = "xiangyun:baremetal:Port", "port", SdkPort
    required = frozenset({"node", "address"})
    optional: ClassVar[Mapping[str, Any]] = {
        "physicalNetwork": "",
        "pxeEnabled": True,
        "portGroup": "",
        "localLink": {},
        "name": "",
        "description": "",
        "extra": {},
    }
    fields: ClassVar[Mapping[str, str]] = {
        "node": "node_id",
        "address": "address",
        "physicalNetwork": "physical_network",
        "pxeEnabled": "is_pxe_enabled",
        "portGroup": "port_group_id",
        "localLink": "local_link_connection",
        "name": "name",
        "description": "description",
        "extra": "extra",
    }
    replace_on = frozenset({"node"})
    mappings = frozenset({"localLink", "extra"})

    def complete(self, given: Mapping[str, Any]) -> Inputs:
        return lower(super().complete(given))

    def change(self, cloud: Cloud, have: Remote, want: Inputs) -> None:
        calls = self.calls(cloud)
        found = calls.get_node(want["node"]) if any(have.inputs[name] != want[name] for name in _WIRING) else None
        if found is None or found.is_maintenance or found.provision_state != "available":  # what a server runs on is Ironic's to refuse
            return super().change(cloud, have, want)
        calls.set_node_maintenance(found.id, f"the wiring of port {have.id} is changed")
        try:
            super().change(cloud, have, want)
        finally:
            calls.unset_node_maintenance(found.id)


def lower(inputs: Inputs) -> Inputs:
    """An address as Ironic gives it back."""
    return {**inputs, "address": str(inputs.get("address") or "").lower()}
