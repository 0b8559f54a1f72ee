"""A rule of a Neutron security group. Rules cannot be changed, only replaced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from stacks.provider.mapped import Mapped


class SecurityGroupRule(Mapped):
    """Ports 0: all of the protocol; an empty protocol: all; neither remote prefix nor remote group: from anywhere."""

    token, service, noun = "xiangyun:network:SecurityGroupRule", "network", "security_group_rule"
    required = frozenset({"group"})
    optional: ClassVar[Mapping[str, Any]] = {
        "direction": "ingress",
        "ethertype": "IPv6",
        "protocol": "",
        "portMin": 0,
        "portMax": 0,
        "remotePrefix": "",
        "remoteGroup": "",
        "description": "",
    }
    fields: ClassVar[Mapping[str, str]] = {
        "group": "security_group_id",
        "direction": "direction",
        "ethertype": "ether_type",
        "protocol": "protocol",
        "portMin": "port_range_min",
        "portMax": "port_range_max",
        "remotePrefix": "remote_ip_prefix",
        "remoteGroup": "remote_group_id",
    }
    replace_on = frozenset({"group", *optional})
