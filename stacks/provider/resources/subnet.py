"""A Neutron subnet."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_network
from typing import Any, ClassVar

from openstack.network.v2.subnet import Subnet as SdkSubnet

from stacks.provider.base import Inputs, Wrong
from stacks.provider.cloud import Cloud
from stacks.provider.mapped import Mapped


class Subnet(Mapped):
    """Its prefix is `cidr`, or the next free one of `length` bits out of `pool`. Addresses are given by ports; there is no DHCP unless asked for."""

    token, service, noun = "xiangyun:network:Subnet", "network", "subnet"
    bulk, sdk = True, SdkSubnet
    required = frozenset({"name", "network"})
    optional: ClassVar[Mapping[str, Any]] = {
        "cidr": "",
        "pool": "",
        "length": 0,
        "description": "",
        "gateway": "",
        "dhcp": False,
        "nameservers": [],
        "routes": [],
    }
    added, outputs = ("prefix",), {"prefix": "cidr"}
    fields: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "network": "network_id",
        "cidr": "cidr",
        "pool": "subnet_pool_id",
        "gateway": "gateway_ip",
        "dhcp": "is_dhcp_enabled",
        "nameservers": "dns_nameservers",
        "routes": "host_routes",
    }
    chosen, unreadable = frozenset({"cidr"}), frozenset({"length"})
    replace_on = frozenset({"network", "cidr", "pool", "length"})
    delete_first = True  # two of them would overlap

    def check(self, given: Mapping[str, Any]) -> Wrong:
        wrong = super().check(given)
        if bool(given.get("cidr")) == bool(given.get("pool")):
            wrong.append(("cidr", "give either cidr or pool"))
        return wrong

    def complete(self, given: Mapping[str, Any]) -> Inputs:
        """Neutron gives a prefix back in its shortest form; that is no difference."""
        full = super().complete(given)
        with suppress(ValueError):  # not known yet; or wrong, which Neutron says
            full["cidr"] = str(ip_network(full["cidr"])) if full["cidr"] else ""
        return full

    def new(self, cloud: Cloud, want: Inputs, marker: str) -> Inputs:
        body = super().new(cloud, want, marker)
        if want["cidr"]:
            body["ip_version"] = ip_network(want["cidr"]).version
            del body["subnet_pool_id"]
        else:
            body["ip_version"] = cloud.sdk.network.get_subnet_pool(want["pool"]).ip_version
            body |= {"prefix_length": want["length"]} if want["length"] else {}
        return body
