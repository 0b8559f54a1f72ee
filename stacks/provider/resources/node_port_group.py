"""A port group of an Ironic node: ports that are bonded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from openstack.baremetal.v1.port_group import PortGroup as SdkPortGroup

from stacks.provider.baremetal import Metal
from stacks.provider.base import Inputs
from stacks.provider.resources.node_port import lower


class NodePortGroup(Metal):
    """In programs `NodePortGroup`; its ports name it. `mode` and `properties` are those of Linux' bonding.

    `standalone`: its ports may be used by themselves too, which booting over one of them asks for.
    """

    token, noun, sdk = "xiangyun:baremetal:PortGroup", "port_group", SdkPortGroup
    required = frozenset({"node", "name"})
    optional: ClassVar[Mapping[str, Any]] = {"address": "", "mode": "", "properties": {}, "standalone": True, "extra": {}}
    fields: ClassVar[Mapping[str, str]] = {
        "node": "node_id",
        "name": "name",
        "address": "address",
        "mode": "mode",
        "properties": "properties",
        "standalone": "is_standalone_ports_supported",
        "extra": "extra",
    }
    replace_on = frozenset({"node"})
    mappings = frozenset({"properties", "extra"})
    chosen = frozenset({"mode"})

    def complete(self, given: Mapping[str, Any]) -> Inputs:
        return lower(super().complete(given))
