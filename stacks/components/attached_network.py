"""A provider network: an extranet LAN, as the cloud sees it."""

from __future__ import annotations

import pulumi

from inventory import model
from stacks.components.resources import Network, Subnet
from stacks.names import slug


class AttachedNetwork(pulumi.ComponentResource):
    """Flat, on a named physical network; the gateway is the extranet's router, first address of the LAN."""

    def __init__(self, lan: model.Lan, physical_network: str, opts: pulumi.ResourceOptions | None = None) -> None:
        name = slug(lan.id)
        super().__init__("xiangyun:government:AttachedNetwork", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.network = Network(name, child, name=name, description=lan.name, type="flat", physicalNetwork=physical_network, mtu=lan.mtu)
        self.subnet = Subnet(name, child, name=name, network=self.network.id, cidr=str(lan.prefix), gateway=str(lan.prefix[1]), description=lan.name)
        self.register_outputs({"network": self.network.id, "subnet": self.subnet.id})
