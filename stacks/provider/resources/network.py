"""A Neutron network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from openstack.network.v2.network import Network as SdkNetwork

from stacks.provider.mapped import Mapped


class Network(Mapped):
    """With `physicalNetwork` it is a provider network: `type` flat or vlan (then with `segment`). MTU in bytes, 0: the cloud decides.

    `external`: routers may have their gateway and floating addresses in it.
    """

    token, service, noun = "xiangyun:network:Network", "network", "network"
    bulk, sdk = True, SdkNetwork
    required = frozenset({"name"})
    optional: ClassVar[Mapping[str, Any]] = {
        "description": "",
        "project": "",
        "type": "",
        "physicalNetwork": "",
        "segment": 0,
        "mtu": 0,
        "shared": False,
        "external": False,
        "qosPolicy": "",
    }
    fields: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "project": "project_id",
        "type": "provider_network_type",
        "physicalNetwork": "provider_physical_network",
        "segment": "provider_segmentation_id",
        "mtu": "mtu",
        "shared": "is_shared",
        "external": "is_router_external",
        "qosPolicy": "qos_policy_id",
    }
    chosen = frozenset({"project", "type", "physicalNetwork", "segment", "mtu"})
    replace_on = frozenset({"project", "type", "physicalNetwork", "segment"})
    delete_first = True  # one flat network a physical network
