"""An address of an external network that stands for a port's fixed one (Neutron's floating IP)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from stacks.provider.mapped import Mapped


class FloatingAddress(Mapped):
    """Without `address` the network gives the next free one. It can move to another port in place."""

    token, service, noun = "xiangyun:network:FloatingAddress", "network", "ip"
    required = frozenset({"network"})
    optional: ClassVar[Mapping[str, Any]] = {"port": "", "fixedAddress": "", "address": "", "subnet": "", "project": "", "description": ""}
    fields: ClassVar[Mapping[str, str]] = {
        "network": "floating_network_id",
        "port": "port_id",
        "fixedAddress": "fixed_ip_address",
        "address": "floating_ip_address",
        "subnet": "subnet_id",
        "project": "project_id",
    }
    added, outputs = ("given",), {"given": "floating_ip_address"}
    chosen = frozenset({"fixedAddress", "address", "subnet", "project"})
    replace_on = frozenset({"network", "address", "subnet", "project"})
