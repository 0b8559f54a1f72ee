"""A router's foot in a subnet."""

from __future__ import annotations

from collections.abc import Iterable

from stacks.provider.base import Inputs, Remote, Resource
from stacks.provider.cloud import Cloud


class RouterInterface(Resource):
    """The id is ROUTER/SUBNET, which is unique, so it needs no marker. It has the subnet's gateway address."""

    token, service = "xiangyun:network:RouterInterface", "network"
    required = frozenset({"router", "subnet"})
    added = ("port", "address")
    replace_on = frozenset({"router", "subnet"})
    unique = True

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        for port in cloud.sdk.network.ports(device_owner="network:router_interface"):
            for fixed in port.fixed_ips or []:
                inputs = {"router": port.device_id, "subnet": fixed["subnet_id"]}
                outputs = {"port": port.id, "address": fixed["ip_address"]}
                yield Remote(f"{port.device_id}/{fixed['subnet_id']}", inputs, outputs, self.marker("", inputs))

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        made = cloud.sdk.network.add_interface_to_router(want["router"], subnet=want["subnet"])
        port = cloud.sdk.network.get_port(made["port_id"])
        address = next(fixed["ip_address"] for fixed in port.fixed_ips if fixed["subnet_id"] == want["subnet"])
        return Remote(f"{want['router']}/{want['subnet']}", want, {"port": port.id, "address": address}, marker)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.network.remove_interface_from_router(have.inputs["router"], subnet=have.inputs["subnet"])
