"""A network port of an Ironic node: the address of its card, and where that is plugged in."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from openstack.baremetal.v1.port import Port as SdkPort

from stacks.provider.baremetal import Metal
from stacks.provider.base import Inputs, Remote
from stacks.provider.cloud import Cloud

_GROUP = "/portgroup_uuid"
_ONE = threading.Lock()  # of two ports of a node neither may end the other's maintenance
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
        """Its group by itself: Ironic forgets a group that is given together with the physical network (39.0.0), and answers as if it had not."""
        calls, patch = self.calls(cloud), self.patch(have, want)
        grouped = [step for step in patch if step["path"] == _GROUP]
        leave = [{"op": "remove", "path": _GROUP}] if grouped and have.inputs["portGroup"] else []
        join = [step for step in grouped if step["op"] == "add"]
        parts = (leave, [step for step in patch if step["path"] != _GROUP], join)
        if all(have.inputs[name] == want[name] for name in _WIRING):
            return self._in_turn(cloud, have, parts)
        with _ONE:
            node = calls.get_node(want["node"])
            if node.is_maintenance or node.provision_state != "available":  # what a server runs on is Ironic's to refuse
                return self._in_turn(cloud, have, parts)
            calls.set_node_maintenance(node.id, f"the wiring of port {have.id} is changed")
            try:
                self._in_turn(cloud, have, parts)
            finally:
                calls.unset_node_maintenance(node.id)

    def _in_turn(self, cloud: Cloud, have: Remote, parts: Iterable[Sequence[Inputs]]) -> None:
        for part in parts:
            self.send(cloud, have.id, part)


def lower(inputs: Inputs) -> Inputs:
    """An address as Ironic gives it back."""
    return {**inputs, "address": str(inputs.get("address") or "").lower()}
