"""A Neutron subnet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import ip_network
from typing import Any, ClassVar

from stacks.provider.base import Inputs, Remote, Resource, marked, unmarked
from stacks.provider.cloud import Cloud


class Subnet(Resource):
    """Addresses are given by ports; there is no DHCP unless asked for."""

    token, service = "xiangyun:network:Subnet", "network"
    required = frozenset({"name", "network", "cidr"})
    optional: ClassVar[Mapping[str, Any]] = {"description": "", "gateway": "", "dhcp": False, "nameservers": []}
    replace_on = frozenset({"network", "cidr"})
    delete_first = True  # two of them would overlap

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return map(_remote, cloud.sdk.network.subnets())

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        wanted = {"network_id": want["network"], "cidr": want["cidr"], "ip_version": ip_network(want["cidr"]).version, **_changeable(want, marker)}
        return _remote(cloud.sdk.network.create_subnet(**wanted))

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        return _remote(cloud.sdk.network.update_subnet(have.id, **_changeable(want, have.marker)))

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.network.delete_subnet(have.id)


def _changeable(want: Inputs, marker: str) -> Inputs:
    return {
        "name": want["name"],
        "description": marked(want["description"], marker),
        "gateway_ip": want["gateway"] or None,
        "is_dhcp_enabled": want["dhcp"],
        "dns_nameservers": want["nameservers"],
    }


def _remote(found: Any) -> Remote:
    description, marker = unmarked(found.description)
    inputs = {
        "name": found.name,
        "network": found.network_id,
        "cidr": found.cidr,
        "description": description,
        "gateway": found.gateway_ip or "",
        "dhcp": found.is_dhcp_enabled,
        "nameservers": list(found.dns_nameservers or []),
    }
    return Remote(found.id, inputs, {}, marker)
