"""An Octavia load balancer: the address that clients speak to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from openstack.load_balancer.v2.load_balancer import LoadBalancer as SdkLoadBalancer

from stacks.provider.balanced import Balanced
from stacks.provider.base import Wrong


class LoadBalancer(Balanced):
    """Its address is in `vipSubnet`, or in one of `vipNetwork`, or that of the port `vipPort`; the next free one unless `vipAddress` says which."""

    token, noun, sdk = "xiangyun:loadbalancer:LoadBalancer", "load_balancer", SdkLoadBalancer
    required = frozenset({"name"})
    optional: ClassVar[Mapping[str, Any]] = {
        "vipSubnet": "",
        "vipNetwork": "",
        "vipPort": "",
        "vipAddress": "",
        "qosPolicy": "",
        "provider": "",
        "flavor": "",
        "zone": "",
        "project": "",
        "enabled": True,
        "description": "",
        "tags": [],
    }
    fields: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "vipSubnet": "vip_subnet_id",
        "vipNetwork": "vip_network_id",
        "vipPort": "vip_port_id",
        "vipAddress": "vip_address",
        "qosPolicy": "vip_qos_policy_id",
        "provider": "provider",
        "flavor": "flavor_id",
        "zone": "availability_zone",
        "project": "project_id",
        "enabled": "is_admin_state_up",
        "description": "description",
    }
    added, outputs = ("address", "port"), {"address": "vip_address", "port": "vip_port_id"}
    chosen = frozenset({"vipSubnet", "vipNetwork", "vipPort", "vipAddress", "provider", "flavor", "zone", "project"})
    replace_on = chosen
    delete_first = True  # an address, or a port, can be had once

    def check(self, given: Mapping[str, Any]) -> Wrong:
        wrong = super().check(given)
        if not any(given.get(name) for name in ("vipSubnet", "vipNetwork", "vipPort")):
            wrong.append(("vipSubnet", "give one of vipSubnet, vipNetwork and vipPort"))
        return wrong
